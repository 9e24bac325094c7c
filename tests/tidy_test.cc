// The house rules as a test: include arrows, lengths, banned text, head comments, dead files,
// untested diagnostics, links of the docs, large blobs. A rule that nobody checks is a wish.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/text.h"

namespace kura {
namespace {

namespace fs = std::filesystem;

const std::string kRoot = KURA_SOURCE_DIR;

// DESIGN §2: what each folder may include besides itself.
const std::map<std::string, std::set<std::string>> kMayInclude = {
    {"base", {}},
    {"calendar", {"base"}},
    {"sql", {"base"}},
    {"lookml", {"base", "calendar", "sql"}},
    {"query", {"base", "calendar", "sql", "lookml"}},
    {"warehouse", {"base", "sql"}},
    {"sync", {"base", "sql", "warehouse"}},
    {"execute", {"base", "sql", "lookml", "query", "warehouse"}},
    {"advise", {"base", "sql", "lookml", "query", "execute"}},
    {"schedule", {"base", "calendar", "store"}},
    {"project",
     {"base",
      "calendar",
      "sql",
      "lookml",
      "query",
      "warehouse",
      "sync",
      "execute",
      "schedule"}},
    {"server",
     {"base", "calendar", "sql", "lookml", "query", "warehouse", "sync", "execute", "project"}},
    {"cli",
     {"base",
      "calendar",
      "sql",
      "lookml",
      "query",
      "warehouse",
      "sync",
      "execute",
      "advise",
      "schedule",
      "project",
      "server"}},
};

// Third-party headers that one folder owns.
const std::vector<std::pair<std::string, std::set<std::string>>> kOwnedHeaders = {
    {"duckdb.h", {"warehouse"}},
    {"mysql.h", {"sync"}},
    {"mysql/", {"sync"}},
    {"mariadb/", {"sync"}},
    {"boost/", {"server"}},
    {"sqlite3.h", {"store"}},
    {"simdjson.h", {"base"}},
    {"yaml-cpp/", {"base"}},
    {"re2/", {"base"}},
    {"curl/", {"base"}},
    {"date/", {"base"}},
    {"spdlog/", {"base"}},
    {"CLI/", {"cli"}},
    {"brotli/", {"server"}},
    {"zlib.h", {"server"}},
};

struct Text {
  std::string name;  // from the root
  std::string content;
};

bool IsSkipped(const fs::path& path) {
  const std::string name = path.filename().string();
  static const std::set<std::string> kFolders = {"build",
                                                 "node_modules",
                                                 "dist",
                                                 ".git",
                                                 ".demo",
                                                 ".fresh",
                                                 ".kura",
                                                 ".svelte-kit",
                                                 "paraglide"};
  return kFolders.contains(name);
}

std::vector<Text> ReadTree(const std::string& folder, const std::set<std::string>& endings) {
  std::vector<Text> texts;
  const fs::path root = fs::path(kRoot) / folder;
  if (!fs::exists(root)) return texts;
  for (fs::recursive_directory_iterator at(root); at != fs::recursive_directory_iterator(); ++at) {
    if (at->is_directory() && IsSkipped(at->path())) {
      at.disable_recursion_pending();
    } else if (at->is_regular_file() && endings.contains(at->path().extension().string())) {
      texts.push_back({at->path().lexically_relative(kRoot).string(),
                       ReadFile(at->path().string()).value_or("")});
    }
  }
  std::sort(texts.begin(), texts.end(), [](auto& a, auto& b) { return a.name < b.name; });
  return texts;
}

std::vector<Text> CppFiles() {
  std::vector<Text> all;
  for (const char* folder : {"src", "tests"}) {
    for (Text& text : ReadTree(folder, {".h", ".cc", ".def"})) all.push_back(std::move(text));
  }
  return all;
}

// The folder of src/ that a file is in; "" for tests.
std::string FolderOf(const std::string& name) {
  if (!name.starts_with("src/")) return "";
  return name.substr(4, name.find('/', 4) - 4);
}

// The names in #include lines.
std::vector<std::string> Includes(const std::string& content) {
  std::vector<std::string> names;
  for (const std::string_view line : Split(content, '\n')) {
    if (!line.starts_with("#include ")) continue;
    const std::string_view rest = Trim(line.substr(9));
    const std::size_t end = rest.find_first_of(">\"", 1);
    if (end != std::string_view::npos) names.emplace_back(rest.substr(1, end - 1));
  }
  return names;
}

std::size_t Characters(std::string_view line) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < line.size(); ++count) i += DecodeRune(line, i).size_bytes;
  return count;
}

// Lines longer than 100 characters, as "file:line".
void CheckColumns(const Text& text) {
  std::size_t number = 0;
  for (const std::string_view line : Split(text.content, '\n')) {
    ++number;
    if (Characters(line) <= 100) continue;
    FAIL_CHECK(text.name << ":" << number << ": more than 100 columns");
  }
}

void CheckLength(const Text& text, std::size_t lines_max) {
  const auto lines =
      static_cast<std::size_t>(std::count(text.content.begin(), text.content.end(), '\n'));
  if (lines > lines_max) {
    FAIL_CHECK(text.name << ": " << lines << " lines, the limit is " << lines_max);
  }
}

// Text without comments and string literals, so that banned words may be spoken about.
std::string CodeOnly(const std::string& content) {
  std::string code;
  for (std::string_view line : Split(content, '\n')) {
    line = line.substr(0, line.find("//"));
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
      if (line[i] == '"' && (i == 0 || line[i - 1] != '\\')) quoted = !quoted;
      if (!quoted) code += line[i];
    }
    code += '\n';
  }
  return code;
}

}  // namespace

TEST_CASE("folders include only what the table allows") {
  for (const Text& text : CppFiles()) {
    const std::string folder = FolderOf(text.name);
    if (folder.empty()) continue;
    if (!kMayInclude.contains(folder)) {
      FAIL_CHECK(text.name << ": the folder is not in the table of tests/tidy_test.cc");
      continue;
    }
    for (const std::string& name : Includes(text.content)) {
      const std::string other = name.substr(0, name.find('/'));
      if (!kMayInclude.contains(other) || other == folder) continue;
      if (!kMayInclude.at(folder).contains(other)) {
        FAIL_CHECK(text.name << ": " << folder << " may not include " << name);
      }
    }
  }
}

TEST_CASE("third-party headers are included by their folder alone") {
  for (const Text& text : CppFiles()) {
    const std::string folder = FolderOf(text.name);
    if (folder.empty()) continue;
    for (const std::string& name : Includes(text.content)) {
      for (const auto& [header, owners] : kOwnedHeaders) {
        if (name.starts_with(header) && !owners.contains(folder)) {
          FAIL_CHECK(text.name << ": <" << name << "> belongs to another folder");
        }
      }
      for (const char* banned : {"regex", "iostream"}) {
        if (name == banned) FAIL_CHECK(text.name << ": <" << name << "> is banned");
      }
    }
  }
}

TEST_CASE("lines and files are short") {
  for (const Text& text : CppFiles()) {
    CheckColumns(text);
    CheckLength(text, text.name.ends_with(".h") ? 300 : 500);
  }
  for (const Text& text : ReadTree("web", {".ts", ".svelte"})) {
    CheckLength(text, text.name.ends_with(".svelte") ? 250 : 500);
  }
}

TEST_CASE("banned text") {
  struct Rule {
    std::string text;
    std::string allowed;  // a prefix of file names; empty = nowhere
  };
  const std::vector<Rule> rules = {{"using namespace", ""},
                                   {"std::cout", "src/cli/"},
                                   {" new ", ""},
                                   {"std::regex", ""},
                                   {"printf(", "src/base/"},
                                   {"#pragma warning", ""}};
  for (const Text& text : CppFiles()) {
    if (text.name == "tests/tidy_test.cc") continue;
    const std::string code = CodeOnly(text.content);
    for (const Rule& rule : rules) {
      if (!rule.allowed.empty() && text.name.starts_with(rule.allowed)) continue;
      if (rule.allowed.empty() || text.name.starts_with("src/")) {
        if (code.find(rule.text) != std::string::npos) {
          FAIL_CHECK(text.name << ": '" << rule.text << "' is banned");
        }
      }
    }
    for (const char* note : {"TODO", "FIXME", "XXX("}) {
      if (text.content.find(note) != std::string::npos) {
        FAIL_CHECK(text.name << ": '" << note << "' is banned; plans live in issues");
      }
    }
  }
}

TEST_CASE("every file says what it is") {
  for (const Text& text : CppFiles()) {
    if (!text.content.starts_with("//")) FAIL_CHECK(text.name << ": no head comment");
  }
}

TEST_CASE("every header is included by somebody else") {
  std::set<std::string> included;
  for (const Text& text : CppFiles()) {
    const std::string own = text.name.substr(text.name.find('/') + 1);
    const std::string stem = own.substr(0, own.rfind('.'));
    for (const std::string& name : Includes(text.content)) {
      // Its own .cc and a test do not keep a header alive, unless the header is for tests.
      const bool is_own = name == stem + ".h" || name + "_test" == stem + ".h_test";
      const bool is_for_tests = name.find("test") != std::string::npos;
      const bool is_test = text.name.ends_with("_test.cc") && !is_for_tests;
      if (!is_own && !is_test) included.insert(name);
    }
  }
  for (const Text& text : CppFiles()) {
    if (!text.name.starts_with("src/") || !text.name.ends_with(".h")) continue;
    if (!included.contains(text.name.substr(4))) FAIL_CHECK(text.name << ": nobody includes it");
  }
}

TEST_CASE("every kind of diagnostic has a golden test") {
  std::string golden;
  for (const Text& text : ReadTree("tests/golden", {".test"})) golden += text.content;
  std::size_t kinds = 0;
  for (const Text& text : ReadTree("src", {".def"})) {
    for (const std::string_view line : Split(text.content, '\n')) {
      if (!line.starts_with("KURA_DIAGNOSTIC(")) continue;
      const std::size_t begin = line.find('"') + 1;
      const std::string id(line.substr(begin, line.find('"', begin) - begin));
      ++kinds;
      if (golden.find("[" + id + "]") == std::string::npos) {
        FAIL_CHECK(text.name << ": '" << id << "' occurs in no golden test");
      }
    }
  }
  CHECK(kinds > 0);
}

TEST_CASE("links of the docs resolve") {
  std::vector<Text> docs = ReadTree("docs", {".md"});
  for (const char* name : {"README.md", "CHANGELOG.md"}) {
    docs.push_back({name, ReadFile(kRoot + "/" + name).value_or("")});
  }
  for (const Text& text : docs) {
    if (text.content.empty()) FAIL_CHECK(text.name << " is missing");
    const fs::path folder = (fs::path(kRoot) / text.name).parent_path();
    for (std::size_t at = text.content.find("]("); at != std::string::npos;
         at = text.content.find("](", at + 1)) {
      std::string link = text.content.substr(at + 2, text.content.find(')', at) - at - 2);
      link = link.substr(0, link.find('#'));
      if (link.empty() || link.find("://") != std::string::npos) continue;
      if (!fs::exists(folder / link)) FAIL_CHECK(text.name << ": no such file: " << link);
    }
  }
}

TEST_CASE("no large blobs") {
  for (fs::recursive_directory_iterator at(kRoot); at != fs::recursive_directory_iterator(); ++at) {
    if (at->is_directory() && IsSkipped(at->path())) {
      at.disable_recursion_pending();
      continue;
    }
    if (!at->is_regular_file()) continue;
    const std::string name = at->path().lexically_relative(kRoot).string();
    // Lock files are generated, and a picture of a page is what it is.
    if (name.ends_with("package-lock.json")) continue;
    const std::uintmax_t limit = name.starts_with("docs/images/") ? 400'000 : 100'000;
    if (at->file_size() > limit) FAIL_CHECK(name << ": more than " << limit << " bytes");
  }
}

}  // namespace kura
