// Looking things up in a shape.
#include "advise/shape.h"

#include <algorithm>

#include "base/text.h"

namespace kura::advise {

const ColumnShape* TableShape::Find(std::string_view column) const {
  for (const ColumnShape& candidate : columns) {
    if (EqualsIgnoreCase(candidate.name, column)) return &candidate;
  }
  return nullptr;
}

const TableShape* SourceShape::Find(std::string_view table) const {
  for (const TableShape& candidate : tables) {
    if (candidate.name == table) return &candidate;
  }
  return nullptr;
}

std::vector<std::string> EnumValues(std::string_view source_type) {
  std::vector<std::string> values;
  const std::string lower = ToLower(source_type.substr(0, 5));
  if (!lower.starts_with("enum(") && !lower.starts_with("set(")) return values;
  std::size_t at = source_type.find('\'');
  while (at != std::string_view::npos) {
    std::string value;
    for (++at; at < source_type.size(); ++at) {
      if (source_type[at] == '\'') {
        if (at + 1 >= source_type.size() || source_type[at + 1] != '\'') break;
        ++at;  // A doubled quote is one.
      }
      value += source_type[at];
    }
    values.push_back(std::move(value));
    at = at + 1 < source_type.size() ? source_type.find('\'', at + 1) : std::string_view::npos;
  }
  return values;
}

bool IsJapanese(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const Rune rune = DecodeRune(text, at);
    const char32_t c = rune.code_point;
    if ((c >= 0x3040 && c <= 0x30FF) || (c >= 0x4E00 && c <= 0x9FFF)) return true;
    at += rune.size_bytes;
  }
  return false;
}

bool SpeaksJapanese(const SourceShape& shape) {
  std::size_t comments = 0;
  std::size_t japanese = 0;
  const auto count = [&](const std::string& comment) {
    if (comment.empty()) return;
    ++comments;
    if (IsJapanese(comment)) ++japanese;
  };
  for (const TableShape& table : shape.tables) {
    count(table.comment);
    for (const ColumnShape& column : table.columns) count(column.comment);
  }
  return japanese > 0 && japanese * 2 >= comments;
}

}  // namespace kura::advise
