// Text functions: decoding, widths, nearest names.
#include "base/text.h"

#include <doctest/doctest.h>

namespace kura {

TEST_CASE("runes decode and encode") {
  for (const char32_t code : {U'a', U'é', U'蔵', U'😀', char32_t{0x10FFFF}}) {
    std::string text;
    AppendUtf8(text, code);
    const Rune rune = DecodeRune(text, 0);
    CHECK(rune.code_point == code);
    CHECK(rune.size_bytes == text.size());
  }
}

TEST_CASE("broken UTF-8 is one replacement per byte") {
  for (const std::string text : {"\xC3",
                                 "\xE8\x94",
                                 "\xF0\x9F\x98",
                                 "\x80",
                                 "\xC0\x80",
                                 "\xED\xA0\x80",
                                 "\xF5\x80\x80\x80"}) {
    CHECK(DecodeRune(text, 0).code_point == 0xFFFD);
    CHECK(DecodeRune(text, 0).size_bytes == 1);
    CHECK_FALSE(IsUtf8(text));
  }
  CHECK(IsUtf8("東京都 😀"));
}

TEST_CASE("widths are those of a terminal") {
  CHECK(DisplayWidth("abc") == 3);
  CHECK(DisplayWidth("東京") == 4);
  CHECK(DisplayWidth("ｱ") == 1);
  CHECK(DisplayWidth("é") == 1);
  CHECK(DisplayWidth("か\u3099") == 2);
}

TEST_CASE("the nearest name is what was meant") {
  const std::vector<std::string> names = {"prefecture", "plan", "created_date", "count"};
  CHECK(NearestName("prefectur", names) == "prefecture");
  CHECK(NearestName("cuont", names) == "count");
  CHECK(NearestName("COUNT", names) == "count");
  CHECK(NearestName("zzz", names).empty());
  CHECK(NearestName("", names).empty());
}

TEST_CASE("numbers and pieces") {
  CHECK(GroupDigits(0) == "0");
  CHECK(GroupDigits(999) == "999");
  CHECK(GroupDigits(-1234567) == "-1,234,567");
  std::int64_t value = 0;
  CHECK(ParseInt("-42", &value));
  CHECK(value == -42);
  CHECK_FALSE(ParseInt("42x", &value));
  CHECK_FALSE(ParseInt("", &value));
  CHECK_FALSE(ParseInt("99999999999999999999", &value));
  CHECK(Split("a,,b", ',').size() == 3);
  CHECK(ReplaceAll("aXbX", "X", "--") == "a--b--");
  CHECK(TitleCase("unique_users") == "Unique Users");
  CHECK(Trim("  a b\n") == "a b");
  CHECK(Trim(" \t") == "");
}

}  // namespace kura
