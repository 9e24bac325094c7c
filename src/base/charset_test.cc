// Bytes of files: marks, both character sets, and where a text stops to be one.
#include "base/charset.h"

#include <doctest/doctest.h>

namespace kura {
namespace {

TEST_CASE("UTF-8 with and without a mark") {
  CHECK(DecodeFile("東京", FileCharset::kDetect).text == "東京");
  CHECK(DecodeFile("\xEF\xBB\xBF東京", FileCharset::kDetect).text == "東京");
  CHECK(DecodeFile("\xEF\xBB\xBF東京", FileCharset::kCp932).text == "東京");  // The mark says it.
  CHECK(DecodeFile("", FileCharset::kDetect).problem.empty());
  CHECK(DecodeFile("\xEF\xBF\xBD", FileCharset::kDetect).text == "\uFFFD");
}

TEST_CASE("CP932 as Excel writes it") {
  const DecodedText text = DecodeFile("\x93\x8C\x8B\x9E\x81\x60\x87\x40\xB1", FileCharset::kDetect);
  CHECK(text.problem.empty());
  CHECK(text.charset == FileCharset::kCp932);
  CHECK(text.text == "東京～①ｱ");  // U+FF5E, not U+301C
  CHECK(DecodeFile("\x81\x7C\x81\x61\x81\x91", FileCharset::kCp932).text == "－∥￠");
  CHECK(DecodeFile("\\~", FileCharset::kCp932).text == "\\~");
  std::string large;
  for (int i = 0; i < 20'000; ++i) large += "\x93\x8C,";
  CHECK(DecodeFile(large, FileCharset::kDetect).text.size() == 80'000);
}

TEST_CASE("what is neither is refused where it stops") {
  const DecodedText utf8 = DecodeFile("東京,大\xFF", FileCharset::kDetect);
  CHECK(utf8.text == "東京,大");
  CHECK(utf8.problem.find("0xFF is not UTF-8") != std::string::npos);
  const DecodedText cp932 = DecodeFile("\x93\x8C\x8B\x9E,\x93\xFF", FileCharset::kDetect);
  CHECK(cp932.text == "東京,");
  CHECK(cp932.problem.find("0x93 is not CP932") != std::string::npos);
  CHECK(DecodeFile("\x93\x8C", FileCharset::kUtf8).problem == "the byte 0x93 is not UTF-8");
  CHECK(DecodeFile("\x93", FileCharset::kCp932).problem == "the byte 0x93 is not CP932");
  CHECK(DecodeFile("\xFF\xFE"
                   "a",
                   FileCharset::kDetect)
            .problem == "the file is UTF-16");
  // A surrogate and an overlong form are no UTF-8.
  CHECK_FALSE(DecodeFile("\xED\xA0\x80", FileCharset::kUtf8).problem.empty());
  CHECK_FALSE(DecodeFile("\xC0\xAF", FileCharset::kUtf8).problem.empty());
}

}  // namespace
}  // namespace kura
