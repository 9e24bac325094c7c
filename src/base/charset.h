// base/charset.h: texts of files that people make: UTF-8 with or without a mark, or CP932 (what
// Japanese Windows calls Shift_JIS and Excel writes), told apart by their bytes.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace kura {

/// What the bytes of a file mean; kDetect decides for the whole file: UTF-8 when it is valid.
enum class FileCharset { kDetect, kUtf8, kCp932 };

/// A text as UTF-8 without a mark. Where a byte has no meaning, `text` ends before it.
struct DecodedText {
  std::string text;
  FileCharset charset = FileCharset::kUtf8;  // never kDetect
  std::string problem;                       // lower case, names the byte; empty = all is well
  std::string hint;
};

/// Decodes the bytes of a file. CP932 is Microsoft's: 0x8160 is U+FF5E (～), as it is for Excel
/// and for MySQL's cp932; gaiji become private characters, so nothing is lost.
DecodedText DecodeFile(std::string_view bytes, FileCharset charset);

}  // namespace kura
