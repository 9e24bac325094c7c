// CP932 is the C library's; both tables are asked in one go, and the place where one of them stops
// is the place of the mistake.
#include "base/charset.h"

#include <fmt/format.h>
#include <iconv.h>

#include <array>
#include <cerrno>

#include "base/text.h"

namespace kura {
namespace {

constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";
constexpr std::string_view kUtf16Marks[] = {"\xFF\xFE", "\xFE\xFF"};

// The first byte that is not part of a UTF-8 character; the size when there is none.
std::size_t ValidUtf8Bytes(std::string_view bytes) {
  if (IsUtf8(bytes)) return bytes.size();
  std::size_t at = 0;
  while (at < bytes.size()) {
    const Rune rune = DecodeRune(bytes, at);
    const bool is_written = rune.size_bytes == 3;  // U+FFFD itself, where it stands in the text
    if (rune.code_point == 0xFFFD && !is_written) return at;
    at += rune.size_bytes;
  }
  return at;
}

// Appends CP932 as UTF-8; gives the bytes that were understood.
std::size_t AppendCp932(std::string_view bytes, std::string* out) {
  const iconv_t converter = ::iconv_open("UTF-8", "CP932");
  if (converter == reinterpret_cast<iconv_t>(-1)) return 0;
  std::string input(bytes);  // iconv takes a pointer to bytes that it does not change
  char* in = input.data();
  std::size_t in_left = input.size();
  std::array<char, 8192> buffer = {};
  bool goes_on = true;
  while (goes_on && in_left > 0) {
    char* to = buffer.data();
    std::size_t to_left = buffer.size();
    const std::size_t result = ::iconv(converter, &in, &in_left, &to, &to_left);
    goes_on = result != static_cast<std::size_t>(-1) || errno == E2BIG;
    out->append(buffer.data(), buffer.size() - to_left);
  }
  ::iconv_close(converter);
  return bytes.size() - in_left;
}

DecodedText Broken(DecodedText decoded, std::string problem, std::string hint) {
  decoded.problem = std::move(problem);
  decoded.hint = std::move(hint);
  return decoded;
}

unsigned ByteAt(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

DecodedText DecodeUtf8(std::string_view bytes) {
  DecodedText decoded;
  const std::size_t valid = ValidUtf8Bytes(bytes);
  decoded.text = std::string(bytes.substr(0, valid));
  if (valid == bytes.size()) return decoded;
  return Broken(std::move(decoded),
                fmt::format("the byte 0x{:02X} is not UTF-8", ByteAt(bytes, valid)),
                "save the file as UTF-8");
}

DecodedText DecodeCp932(std::string_view bytes) {
  DecodedText decoded;
  decoded.charset = FileCharset::kCp932;
  const std::size_t valid = AppendCp932(bytes, &decoded.text);
  if (valid == bytes.size()) return decoded;
  return Broken(std::move(decoded),
                fmt::format("the byte 0x{:02X} is not CP932", ByteAt(bytes, valid)),
                "save the file as UTF-8");
}

// Neither of the two: the one that understood more is what the file was meant to be.
DecodedText Detect(std::string_view bytes) {
  DecodedText utf8 = DecodeUtf8(bytes);
  if (utf8.problem.empty()) return utf8;
  DecodedText cp932 = DecodeCp932(bytes);
  if (cp932.problem.empty()) return cp932;
  const std::size_t utf8_bytes = utf8.text.size();
  std::string ignored;
  const bool is_cp932 = AppendCp932(bytes, &ignored) > utf8_bytes;
  DecodedText nearer = is_cp932 ? std::move(cp932) : std::move(utf8);
  nearer.problem += is_cp932 ? ", and the file is not UTF-8 either"
                             : ", and the file is not CP932 (Shift_JIS) either";
  return nearer;
}

}  // namespace

DecodedText DecodeFile(std::string_view bytes, FileCharset charset) {
  for (const std::string_view mark : kUtf16Marks) {
    if (!bytes.starts_with(mark)) continue;
    return Broken({},
                  "the file is UTF-16",
                  "save it as UTF-8; Excel calls that \"CSV UTF-8 (comma delimited)\"");
  }
  if (bytes.starts_with(kUtf8Mark)) return DecodeUtf8(bytes.substr(kUtf8Mark.size()));
  switch (charset) {
    case FileCharset::kUtf8:
      return DecodeUtf8(bytes);
    case FileCharset::kCp932:
      return DecodeCp932(bytes);
    case FileCharset::kDetect:
      break;
  }
  return Detect(bytes);
}

}  // namespace kura
