// Places, carets below wide characters and tabs, order, and YAML with places.
#include "base/diagnostics.h"

#include <doctest/doctest.h>

#include "base/yaml.h"

namespace kura {

TEST_CASE("a caret stands under the text, also behind wide characters") {
  const SourceFile file("a.lkml", "x: 1\n名前: prefectur ok\n");
  const auto begin = static_cast<std::uint32_t>(file.text().find("prefectur"));
  Diagnostic d;
  d.kind = "unknown-field";
  d.span = {&file, begin, begin + 9};
  d.message = "there is no field 'prefectur'";
  d.label = "here";
  d.hint = "one\ntwo";
  CHECK(Render(d) ==
        "a.lkml:2:5: error: there is no field 'prefectur'\n"
        "    2 | 名前: prefectur ok\n"
        "      |       ^^^^^^^^^ here\n"
        "      = one\n"
        "      = two\n");
  RenderOptions kinds;
  kinds.show_kinds = true;
  CHECK(Render(d, kinds).find("error[unknown-field]:") != std::string::npos);
}

TEST_CASE("places at the end of a text and in a file with CRLF") {
  const SourceFile file("f", "a\r\nb\r\n");
  CHECK(file.Line(1) == "a");
  CHECK(file.Line(2) == "b");
  CHECK(file.PositionOf(100).line == 3);
  Diagnostic d;
  d.span = {&file, 6, 7};
  d.message = "more was expected";
  CHECK(Render(d).find("f:3:1: error: more was expected") == 0);
}

TEST_CASE("findings are sorted by place and said once") {
  const SourceFile file("f", "abc");
  Diagnostics findings;
  Diagnostic d;
  d.span = {&file, 2, 3};
  d.message = "second";
  findings.Add(d);
  findings.Add(d);
  d.span = {&file, 0, 1};
  d.message = "first";
  d.severity = Severity::kWarning;
  findings.Add(d);
  findings.Sort();
  REQUIRE(findings.items().size() == 2);
  CHECK(findings.items()[0].message == "first");
  CHECK(findings.error_count() == 1);
  CHECK(findings.warning_count() == 1);
}

TEST_CASE("YAML keeps order and places") {
  const SourceFile file("kura.yaml",
                        "name: shop\nsources:\n  shop: {port: \"3306\", list: [1, 2]}\n");
  Diagnostics findings;
  const auto root = ParseYaml(file, findings);
  REQUIRE(root);
  CHECK(root->map[0].key == "name");
  const YamlNode* shop = root->Find("sources")->Find("shop");
  CHECK(shop->Find("port")->quoted);
  CHECK(shop->Find("list")->list.size() == 2);
  CHECK(file.PositionOf(shop->Find("port")->span.begin).line == 3);
  CHECK(shop->Find("none") == nullptr);
}

TEST_CASE("bad YAML is a finding, not a crash") {
  for (const char* text :
       {"a: [1, 2", "a: 1\na: 2\n", "a: *b", "\tx: 1", "{", "a: b: c", "? [x]\n: 1"}) {
    CAPTURE(text);
    const SourceFile file("f", text);
    Diagnostics findings;
    CHECK_FALSE(ParseYaml(file, findings));
    CHECK(findings.error_count() == 1);
  }
  const SourceFile deep("f", std::string(200, '[') + std::string(200, ']'));
  Diagnostics findings;
  CHECK_FALSE(ParseYaml(deep, findings));
}

}  // namespace kura
