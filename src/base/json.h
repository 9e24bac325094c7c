// base/json.h: JSON as plain data, read by simdjson behind a limit of size; and quoting for output.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace kura {

inline constexpr std::size_t kJsonBytesMax = 1'048'576;

/// One value. `text` holds a text, or a number's shortest digits that read back as the same number.
struct JsonValue {
  enum class Kind { kNull, kBoolean, kNumber, kText, kList, kObject };
  struct Member;
  Kind kind = Kind::kNull;
  bool boolean = false;
  std::string text;
  std::vector<JsonValue> list;
  std::vector<Member> members;  // in the order of the text; a repeated name stays repeated

  /// The value of a member (the last of that name), or null.
  const JsonValue* Find(std::string_view name) const;
};

struct JsonValue::Member {
  std::string name;
  JsonValue value;
};

/// Reads one document. Errors: kInvalid (no JSON, or larger than `bytes_max`).
Result<JsonValue> ParseJson(std::string_view text, std::size_t bytes_max = kJsonBytesMax);

/// Writes a text as a JSON string with its quotes.
std::string QuoteJson(std::string_view text);

}  // namespace kura
