// What has no text form in golden files: line ends, marks, places of pieces, look-ups, columns.
#include <doctest/doctest.h>

#include "lookml/include.h"
#include "lookml/load.h"
#include "lookml/print.h"
#include "lookml/sql_text.h"
#include "lookml/syntax.h"

namespace kura::lookml {
namespace {

std::shared_ptr<const SourceFile> File(const std::string& name, const std::string& text) {
  return std::make_shared<const SourceFile>(name, text);
}

std::string Parsed(const std::string& text, Diagnostics& diagnostics) {
  return PrintSyntax(Parse(File("t.lkml", text), diagnostics));
}

TEST_CASE("carriage returns and a byte order mark change nothing") {
  Diagnostics diagnostics;
  const std::string unix_text = "# c\nview: v {\n  label: \"x\"\n  sql_table_name: t ;;\n}\n";
  std::string windows_text = "\xEF\xBB\xBF";
  for (const char c : unix_text)
    windows_text += c == '\n' ? std::string("\r\n") : std::string(1, c);
  CHECK(Parsed(windows_text, diagnostics) == Parsed(unix_text, diagnostics));
  CHECK(diagnostics.items().empty());
}

TEST_CASE("a line of a megabyte is read") {
  Diagnostics diagnostics;
  const Syntax syntax = Parse(
      File("t.lkml", "label: \"" + std::string(1'000'000, 'x') + "\" hidden: yes"), diagnostics);
  REQUIRE(syntax.nodes.size() == 2);
  CHECK(syntax.nodes[0].value.size() == 1'000'000);
  CHECK(diagnostics.items().empty());
}

TEST_CASE("nesting is bounded") {
  Diagnostics diagnostics;
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "a: {";
  (void)Parse(File("t.lkml", text), diagnostics);
  REQUIRE(diagnostics.items().size() == 1);
  CHECK(diagnostics.items()[0].kind == "too-deep");
}

TEST_CASE("spans are the bytes of keys and values") {
  const std::string text = "view: v { label: \"a b\" sql: ${x} ;; }";
  Diagnostics diagnostics;
  const Syntax syntax = Parse(File("t.lkml", text), diagnostics);
  const auto at = [&](const Span& span) { return text.substr(span.begin, span.end - span.begin); };
  const Node& view = syntax.nodes.at(0);
  CHECK(at(view.span()) == text);
  CHECK(at(view.name_span()) == "v");
  CHECK(at(view.children.at(0).key_span()) == "label");
  CHECK(at(view.children.at(0).value_span()) == "\"a b\"");
  CHECK(at(view.children.at(1).value_span()) == "${x}");
}

TEST_CASE("pieces of SQL have their own places") {
  const auto file = File("t", "  a + ${v.b} ||${TABLE}.c ${ ");
  const Span all{file.get(), 0, static_cast<std::uint32_t>(file->text().size())};
  const Sql sql = SplitSql(file->text(), all);
  REQUIRE(sql.pieces.size() == 5);
  for (const SqlPiece& piece : sql.pieces) {
    if (piece.kind != SqlPiece::Kind::kText) continue;
    CHECK(file->text().substr(piece.span.begin, piece.text.size()) == piece.text);
  }
  CHECK(sql.pieces[1].view == "v");
  CHECK(sql.pieces[1].text == "b");
  CHECK(sql.pieces[1].span.begin == 6);
  CHECK(sql.pieces[1].span.end == 12);
  CHECK(sql.pieces[3].kind == SqlPiece::Kind::kTable);
  CHECK(sql.pieces[4].text == ".c ${");
}

TEST_CASE("include patterns") {
  CHECK(MatchesPattern("views/*.view.lkml", "views/a.view.lkml"));
  CHECK_FALSE(MatchesPattern("views/*.view.lkml", "views/deep/a.view.lkml"));
  CHECK(MatchesPattern("**/a.lkml", "a.lkml"));
  CHECK(MatchesPattern("**/a.lkml", "x/y/a.lkml"));
  CHECK_FALSE(MatchesPattern("**/a.lkml", "x/ba.lkml"));
  CHECK(MatchesPattern("x/**", "x/y/z.lkml"));
  CHECK(MatchesPattern("x/**/*.view*", "x/y/z/q.view.lkml"));
  CHECK_FALSE(MatchesPattern("x/**/*.view*", "y/q.view.lkml"));
  CHECK(MatchesPattern("*", "a"));
  CHECK_FALSE(MatchesPattern("*", "a/b"));
  CHECK_FALSE(MatchesPattern("", "a"));
  CHECK(IncludePattern("/views/a", "lookml/x/m.lkml", "lookml/") == "lookml/views/a");
  CHECK(IncludePattern("../a", "lookml/x/m.lkml", "lookml/") == "lookml/a");
  CHECK(IncludePattern("./a", "m.lkml", "") == "a");
  CHECK(IncludePattern("../../../a", "x/m.lkml", "") == "a");
  CHECK(IncludeMeans("users.view", "users.view.lkml"));
  CHECK_FALSE(IncludeMeans("users", "users.view.lkml"));
}

TEST_CASE("explores are found by name and by model") {
  LoadInput input;
  input.files = {File("a.model.lkml", "view: v {} explore: v {} explore: only {from: v}"),
                 File("b.model.lkml", "view: v {} explore: v {}")};
  Diagnostics diagnostics;
  const auto project = Load(input, diagnostics);
  CHECK(diagnostics.items().empty());
  CHECK(project->FindExplore("v").explore == nullptr);
  CHECK(project->FindExplore("v").ambiguous_models.size() == 2);
  REQUIRE(project->FindExplore("b::v").model != nullptr);
  CHECK(project->FindExplore("b::v").model->name == "b");
  REQUIRE(project->FindExplore("only").explore != nullptr);
  CHECK(project->FindExplore("only").explore->ViewOf("only") == "v");
  CHECK(project->FindExplore("only").explore->ViewOf("v").empty());
  CHECK(project->FindExplore("none").explore == nullptr);
  CHECK(project->FindExplore("c::v").explore == nullptr);
}

TEST_CASE("the findings' texts outlive the project") {
  Diagnostics diagnostics;
  LoadInput input;
  input.files = {File("a.model.lkml", "explore: nothing {}")};
  { Validate(*Load(input, diagnostics), nullptr, diagnostics); }
  input.files.clear();
  CHECK(Render(diagnostics).find("explore: nothing {}") != std::string::npos);
}

}  // namespace
}  // namespace kura::lookml
