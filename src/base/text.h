// base/text.h: small text functions that every stage needs: UTF-8, widths, nearest names, lists.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kura {

/// One decoded character: its code point and its length in bytes. Invalid bytes are U+FFFD, 1 byte.
struct Rune {
  char32_t code_point = 0;
  std::size_t size_bytes = 0;
};

/// Decodes the character that starts at `offset`, which must be inside `text`.
Rune DecodeRune(std::string_view text, std::size_t offset);

/// Appends `code_point` as UTF-8.
void AppendUtf8(std::string& out, char32_t code_point);

/// Tells whether `text` is valid UTF-8.
bool IsUtf8(std::string_view text);

/// Counts the columns a terminal needs: East Asian wide characters and emoji take two.
std::size_t DisplayWidth(std::string_view text);

/// Removes ASCII white space at both ends.
std::string_view Trim(std::string_view text);

/// Lower-cases ASCII letters only.
std::string ToLower(std::string_view text);

/// Upper-cases ASCII letters only.
std::string ToUpper(std::string_view text);

/// Compares ASCII letters without case, other bytes as they are.
bool EqualsIgnoreCase(std::string_view a, std::string_view b);

/// Splits at every `separator`; an empty text gives one empty piece.
std::vector<std::string_view> Split(std::string_view text, char separator);

/// Joins with `separator` between the pieces.
std::string Join(std::span<const std::string> pieces, std::string_view separator);

/// Replaces every `from` (not empty) by `to`.
std::string ReplaceAll(std::string_view text, std::string_view from, std::string_view to);

/// Finds the candidate that a person most likely meant (edit distance with transpositions, at most
/// a third of the name). Empty when nothing is near.
std::string NearestName(std::string_view name, std::span<const std::string> candidates);

/// Groups an integer's digits with commas: 1234567 → "1,234,567".
std::string GroupDigits(std::int64_t value);

/// Reads a whole number in base 10; false when `text` is anything else or out of range.
bool ParseInt(std::string_view text, std::int64_t* value);

/// Turns an identifier into words with capitals: "unique_users" → "Unique Users".
std::string TitleCase(std::string_view identifier);

}  // namespace kura
