// Guesses about what is missing, for the parser's recovery.
#include "lookml/recovery.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace kura::lookml {
namespace {

using Names = std::string_view;

// Parameters that open a block: "dimension: name {".
constexpr std::array<Names, 9> kBlockKeys = {"view",
                                             "explore",
                                             "join",
                                             "dimension",
                                             "dimension_group",
                                             "measure",
                                             "filter",
                                             "parameter",
                                             "derived_table"};

// Parameters with a value that no SQL text has at the beginning of a line.
constexpr std::array<Names, 18> kValueKeys = {"type",
                                              "label",
                                              "description",
                                              "hidden",
                                              "primary_key",
                                              "value_format_name",
                                              "value_format",
                                              "relationship",
                                              "timeframes",
                                              "drill_fields",
                                              "group_label",
                                              "view_label",
                                              "convert_tz",
                                              "datatype",
                                              "sql",
                                              "sql_on",
                                              "sql_table_name",
                                              "filters"};

constexpr std::array<Names, 5> kFieldKeys = {
    "dimension", "dimension_group", "measure", "filter", "parameter"};

template <std::size_t N>
bool Has(const std::array<Names, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool IsKeyByte(char c) {
  return (c >= 'a' && c <= 'z') || c == '_';
}

std::string_view SkipSpaces(std::string_view text) {
  const std::size_t at = text.find_first_not_of(" \t\r");
  return at == std::string_view::npos ? std::string_view() : text.substr(at);
}

// "name {" or "{".
bool LooksLikeBlock(std::string_view text) {
  text = SkipSpaces(text);
  const std::size_t end = text.find_first_of(" \t\r\n{:;\"");
  if (end == std::string_view::npos) return false;
  return SkipSpaces(text.substr(end)).starts_with('{');
}

}  // namespace

bool BeginsWithParameter(std::string_view text) {
  text = SkipSpaces(text);
  const auto stop = std::find_if_not(text.begin(), text.end(), IsKeyByte);
  const auto size = static_cast<std::size_t>(stop - text.begin());
  if (size == 0 || size == text.size() || text[size] != ':') return false;
  const std::string_view rest = text.substr(size + 1);
  if (rest.starts_with(':')) return false;  // A cast: type::text.
  const std::string_view key = text.substr(0, size);
  if (Has(kBlockKeys, key)) return LooksLikeBlock(rest);
  return Has(kValueKeys, key);
}

std::size_t FindParameterLine(std::string_view text) {
  for (std::size_t at = text.find('\n'); at != std::string_view::npos;
       at = text.find('\n', at + 1)) {
    if (BeginsWithParameter(text.substr(at + 1))) return at + 1;
  }
  return std::string_view::npos;
}

std::size_t ExpressionEndBefore(std::string_view text, std::size_t parameter_line) {
  text = text.substr(0, parameter_line);
  const auto count = [&text](char c) { return std::count(text.begin(), text.end(), c); };
  auto open_missing = count('}') - count('{');
  for (;;) {
    const std::size_t last = text.find_last_not_of(" \t\r\n");
    text = text.substr(0, last == std::string_view::npos ? 0 : last + 1);
    if (open_missing <= 0 || !text.ends_with('}')) return text.size();
    text.remove_suffix(1);
    --open_missing;
  }
}

bool MeansOuterIsOpen(std::string_view outer, std::string_view inner) {
  if (inner == "view" || inner == "explore") return true;
  if (inner == "join") return outer == "join";
  if (!Has(kFieldKeys, inner)) return false;
  return Has(kFieldKeys, outer) || outer == "derived_table" || outer == "set";
}

}  // namespace kura::lookml
