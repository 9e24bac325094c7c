// sync/mysql_text.h: texts in the character sets of old tables, decoded here instead of by the
// server: what has no character becomes '?' there and nobody learns of it; here it is counted. A
// table of the codes is made by asking the server once, so that both sides agree on every character
// (sjis and cp932 differ in 〜, − and ∥).
#pragma once
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sync/mysql_connection.h"

namespace kura::sync {

/// How the bytes of a character set form characters.
enum class CharsetForm { kBytes, kDoubleBytes, kEucJapan, kUtf8, kUtf16, kUtf16Le, kUtf32 };

/// One character set.
class Charset {
 public:
  /// A set whose form says everything: utf8mb4, ucs2, utf16, utf16le, utf32.
  explicit Charset(CharsetForm form);

  /// Appends `bytes` as UTF-8. Returns how many characters have no meaning in this set, each of
  /// which becomes U+FFFD.
  std::size_t Append(std::string_view bytes, std::string* out) const;

  /// ASCII bytes mean ASCII characters.
  bool keeps_ascii() const { return keeps_ascii_; }
  bool is_latin1() const { return is_latin1_; }

 private:
  friend class CharsetBuilder;
  std::size_t AppendUtf8Text(std::string_view bytes, std::string* out) const;
  std::size_t AppendWide(std::string_view bytes, std::string* out) const;
  std::size_t AppendMapped(std::string_view bytes, std::string* out) const;

  CharsetForm form_;
  bool keeps_ascii_ = false;
  bool is_latin1_ = false;
  // All mapped sets lie in the basic plane; 0 is no character, except that of byte 0.
  std::vector<char16_t> single_;   // by byte
  std::vector<char16_t> pair_;     // by two bytes
  std::vector<char16_t> triple_;   // kEucJapan: by the two bytes behind 0x8F
  std::vector<bool> begins_pair_;  // by byte
  std::vector<bool> ends_pair_;    // by byte
};

/// Tells whether texts of this set reach us unharmed without a table: UTF-8 and ASCII.
bool IsUtf8Charset(std::string_view name);

/// The set `name` as the server understands it; null when its codes cannot be listed (gb18030), so
/// that the server has to convert. Asks each server version once per process. Errors: kUnavailable.
Result<std::shared_ptr<const Charset>> FindCharset(MysqlConnection& connection,
                                                   const std::string& name);

}  // namespace kura::sync
