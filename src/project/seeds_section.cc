// One entry per file, by the name of its table. Whether file and columns are there is found out
// when the files are read.
#include "project/seeds_section.h"

#include <fmt/format.h>

#include "base/text.h"
#include "project/diagnostics.h"
#include "sync/seed_value.h"

namespace kura::project {
namespace {

using sync::SeedConfig;
using sync::SeedName;

// In a map in braces YAML ends decimal(12,2) at its comma: the rest arrives as a key without value.
std::string TypeText(const std::vector<YamlNode::Entry>& columns, std::size_t* at) {
  const std::string& text = columns[*at].value.scalar;
  const bool is_cut = text.starts_with("decimal(") && text.find(')') == std::string::npos;
  if (!is_cut || *at + 1 >= columns.size()) return text;
  const YamlNode::Entry& rest = columns[*at + 1];
  if (rest.value.kind != YamlNode::Kind::kNull || !rest.key.ends_with(')')) return text;
  ++*at;
  return text + "," + rest.key;
}

void ReadColumns(YamlSection& section, SeedConfig* seed) {
  const YamlNode* node = section.Take("columns");
  if (node == nullptr) return;
  if (node->kind != YamlNode::Kind::kMap) {
    section.Report(node->span,
                   kWrongValue,
                   section.where() + ".columns must be a map of columns",
                   "columns: {code: text, amount: decimal(12,2)}");
    return;
  }
  for (std::size_t i = 0; i < node->map.size(); ++i) {
    const YamlNode::Entry& column = node->map[i];
    const std::string text = TypeText(node->map, &i);
    const std::optional<sql::Type> type = sync::ParseSeedType(text);
    if (type) {
      seed->columns[column.key] = {*type, column.key_span};
      continue;
    }
    section.Report(column.value.span,
                   kWrongValue,
                   fmt::format("there is no type '{}'", text),
                   fmt::format("one of: {}", sync::kSeedTypes));
  }
}

// [month, category], or one name.
std::vector<SeedName> ReadNames(YamlSection& section, std::string_view key) {
  std::vector<SeedName> names;
  const YamlNode* node = section.Take(key);
  if (node == nullptr) return names;
  if (node->kind == YamlNode::Kind::kScalar) names.push_back({node->scalar, node->span});
  for (const YamlNode& name : node->list) {
    if (name.kind == YamlNode::Kind::kScalar) names.push_back({name.scalar, name.span});
  }
  if (names.empty() || node->list.size() > names.size()) {
    section.Report(node->span,
                   kWrongValue,
                   fmt::format("'{}' must be a list of columns", key),
                   fmt::format("{}: [month, category]", key));
  }
  return names;
}

SeedConfig ReadSeed(const YamlNode::Entry& entry, Diagnostics& diagnostics) {
  YamlSection section(entry.value, "seeds." + entry.key, diagnostics);
  SeedConfig seed;
  seed.span = entry.key_span;
  ReadColumns(section, &seed);
  seed.primary_key = ReadNames(section, "primary_key");
  seed.not_null = ReadNames(section, "not_null");
  std::string encoding;
  if (section.Choice("encoding", {"utf-8", "cp932"}, &encoding)) {
    seed.charset = encoding == "utf-8" ? FileCharset::kUtf8 : FileCharset::kCp932;
  }
  section.Finish();
  return seed;
}

}  // namespace

std::map<std::string, SeedConfig> ReadSeeds(YamlSection& config, Diagnostics& diagnostics) {
  std::map<std::string, SeedConfig> seeds;
  const YamlNode* node = config.Take("seeds");
  if (node == nullptr || node->kind == YamlNode::Kind::kNull) return seeds;
  if (node->kind != YamlNode::Kind::kMap) {
    config.Report(node->span,
                  kWrongValue,
                  "'seeds' must be a map of files",
                  "seeds: {targets: {primary_key: [month, category]}}");
    return seeds;
  }
  for (const YamlNode::Entry& entry : node->map) seeds[entry.key] = ReadSeed(entry, diagnostics);
  return seeds;
}

}  // namespace kura::project
