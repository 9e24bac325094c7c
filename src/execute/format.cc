// Rows as JSON, CSV and a terminal's table. Numbers on the wire follow DESIGN §11.5.
#include "execute/format.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/json.h"
#include "base/match.h"
#include "base/text.h"
#include "execute/value_format.h"

namespace kura::execute {
namespace {

constexpr std::int64_t kExactIntegerMax = 9'007'199'254'740'992;  // 2^53
constexpr std::size_t kExactDigitsMax = 15;

const lookml::Field* FieldOf(const Answer& answer, std::size_t column) {
  return answer.compiled.columns[column].field;
}

sql::TypeKind KindOf(const Answer& answer, std::size_t column) {
  return column < answer.types.size() ? answer.types[column].type.kind : sql::TypeKind::kUnknown;
}

bool IsNumber(const Answer& answer, std::size_t column) {
  return sql::IsNumeric(KindOf(answer, column));
}

bool IsFloat(const Answer& answer, std::size_t column) {
  return KindOf(answer, column) == sql::TypeKind::kFloat;
}

std::string YesNo(const Answer& answer, std::size_t column, bool truth) {
  const lookml::Field* field = FieldOf(answer, column);
  if (field != nullptr && field->type == "yesno") return truth ? "Yes" : "No";
  return truth ? "true" : "false";
}

// Decimal text is a JSON number when fifteen digits say it, which every double keeps.
bool FitsDouble(const std::string& text) {
  std::size_t digits = 0;
  for (const char c : text) {
    if (c >= '0' && c <= '9')
      ++digits;
    else if (c != '-' && c != '.')
      return false;
  }
  return digits <= kExactDigitsMax;
}

std::string JsonValueOf(const Answer& answer, std::size_t row, std::size_t column) {
  return Match(
      answer.rows[row][column],
      [](std::monostate) { return std::string("null"); },
      [&](bool truth) {
        const std::string text = YesNo(answer, column, truth);
        return text == "true" || text == "false" ? text : QuoteJson(text);
      },
      [](std::int64_t number) {
        const std::string text = std::to_string(number);
        const bool exact = number <= kExactIntegerMax && number >= -kExactIntegerMax;
        return exact ? text : QuoteJson(text);
      },
      [](std::uint64_t number) {
        const std::string text = std::to_string(number);
        return number <= std::uint64_t{kExactIntegerMax} ? text : QuoteJson(text);
      },
      [&](double number) {
        const std::string text = PlainNumber(number, IsFloat(answer, column));
        return std::isfinite(number) ? text : QuoteJson(text);
      },
      [&](const std::string& text) {
        return IsNumber(answer, column) && FitsDouble(text) ? text : QuoteJson(text);
      });
}

// The value without any format; the text of CSV.
std::string PlainText(const Answer& answer, std::size_t row, std::size_t column) {
  const warehouse::Value& value = answer.rows[row][column];
  if (const bool* truth = std::get_if<bool>(&value)) return YesNo(answer, column, *truth);
  return PlainNumber(value, IsFloat(answer, column));
}

// A pattern wins over a name; one that is not understood is passed over. Measures without either
// are grouped.
std::optional<NumberFormat> FormatOf(const Answer& answer, std::size_t column) {
  const lookml::Field* field = FieldOf(answer, column);
  if (field == nullptr || !IsNumber(answer, column)) return std::nullopt;
  if (const auto pattern = PatternFormat(field->value_format)) return pattern;
  if (const auto named = NamedFormat(field->value_format_name)) return named;
  if (!answer.compiled.columns[column].is_measure) return std::nullopt;
  NumberFormat format;
  if (!sql::IsInteger(KindOf(answer, column))) format.decimals = -1;
  return format;
}

bool IsLate(const Answer& answer, std::size_t row, std::size_t column, query::Completeness state) {
  return answer.compiled.columns[column].is_measure && answer.row_states[row] == state;
}

std::string Instant(const std::optional<Micros>& utc) {
  return utc ? QuoteJson(FormatInstant(*utc)) : "null";
}

std::string FreshnessJson(const Freshness& freshness) {
  if (freshness.tables.empty()) return "null";
  std::string tables;
  for (const Freshness::Table& table : freshness.tables) {
    tables += fmt::format("{}{{\"table\":{},\"complete_through\":{},\"read_at\":{}}}",
                          tables.empty() ? "" : ",",
                          QuoteJson(table.table),
                          Instant(table.complete_through),
                          Instant(table.read_at));
  }
  return fmt::format("{{\"complete_through\":{},\"read_at\":{},\"tables\":[{}]}}",
                     Instant(freshness.complete_through),
                     Instant(freshness.read_at),
                     tables);
}

std::string ProofJson(const std::vector<query::Proof>& proofs) {
  std::string out;
  for (const query::Proof& proof : proofs) {
    out += fmt::format("{}{{\"measure\":{},\"view\":{},\"verdict\":{},\"rule\":{}}}",
                       out.empty() ? "" : ",",
                       QuoteJson(proof.measure),
                       QuoteJson(proof.view),
                       QuoteJson(proof.verdict),
                       QuoteJson(proof.rule));
  }
  return "[" + out + "]";
}

std::string CellJson(const Answer& answer, std::size_t row, std::size_t column) {
  const std::string value = JsonValueOf(answer, row, column);
  std::string out = "{\"value\":" + value;
  const bool is_null = value == "null";
  const std::string rendered = is_null ? "" : Rendered(answer, row, column, "en");
  if (!is_null && rendered != PlainText(answer, row, column)) {
    out += ",\"rendered\":" + QuoteJson(rendered);
  }
  if (IsLate(answer, row, column, query::Completeness::kIncomplete)) {
    out += ",\"state\":\"incomplete\"";
  } else if (IsLate(answer, row, column, query::Completeness::kNotArrived)) {
    out += ",\"state\":\"not_arrived\"";
  }
  return out + "}";
}

std::string CsvField(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  return "\"" + ReplaceAll(text, "\"", "\"\"") + "\"";
}

using Cells = std::vector<std::vector<std::string>>;

constexpr const char* kDim = "\033[2m";
constexpr const char* kPlain = "\033[0m";

// The header and the rows as texts of one line each; partial values carry a star.
Cells CellsOf(const Answer& answer, std::string_view language) {
  Cells cells(1);
  for (const query::OutputColumn& column : answer.compiled.columns) cells[0].push_back(column.name);
  for (std::size_t row = 0; row < answer.rows.size(); ++row) {
    std::vector<std::string> texts;
    for (std::size_t column = 0; column < answer.compiled.columns.size(); ++column) {
      std::string text = Rendered(answer, row, column, language);
      // Line ends and tabs would break the table, other control characters the terminal.
      const auto is_control = [](char c) { return (c >= 0 && c < ' ') || c == 127; };
      std::replace_if(text.begin(), text.end(), is_control, ' ');
      if (IsLate(answer, row, column, query::Completeness::kIncomplete)) text += "*";
      texts.push_back(std::move(text));
    }
    cells.push_back(std::move(texts));
  }
  return cells;
}

// Numbers stand at the right of their column, everything else at the left.
std::string AlignedLine(const Answer& answer, const std::vector<std::string>& row,
                        const std::vector<std::size_t>& widths) {
  std::string line;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const std::string space(widths[i] - DisplayWidth(row[i]), ' ');
    if (i > 0) line += "  ";
    line += IsNumber(answer, i) ? space + row[i] : row[i] + space;
  }
  while (line.ends_with(' ')) line.pop_back();
  return line;
}

bool HasIncomplete(const Answer& answer) {
  const bool has_measure =
      std::any_of(answer.compiled.columns.begin(),
                  answer.compiled.columns.end(),
                  [](const query::OutputColumn& column) { return column.is_measure; });
  return has_measure && std::find(answer.row_states.begin(),
                                  answer.row_states.end(),
                                  query::Completeness::kIncomplete) != answer.row_states.end();
}

// A number that is equal for equal questions: enough to name an answer in a log.
std::string AnswerId(const Answer& answer) {
  return fmt::format("{:016x}", std::hash<std::string>{}(answer.compiled.sql));
}

}  // namespace

std::string Rendered(const Answer& answer, std::size_t row, std::size_t column,
                     std::string_view language) {
  const warehouse::Value& value = answer.rows[row][column];
  if (std::holds_alternative<std::monostate>(value)) {
    if (!IsLate(answer, row, column, query::Completeness::kNotArrived)) return "–";
    return language == "ja" ? "未到着" : "not arrived";
  }
  if (const auto format = FormatOf(answer, column)) {
    if (const auto text = FormatNumber(value, *format)) return *text;
  }
  return PlainText(answer, row, column);
}

std::string ToJson(const Answer& answer) {
  std::string out = "[";
  for (std::size_t row = 0; row < answer.rows.size(); ++row) {
    out += row == 0 ? "{" : ",\n{";
    for (std::size_t column = 0; column < answer.compiled.columns.size(); ++column) {
      if (column > 0) out += ",";
      out +=
          QuoteJson(answer.compiled.columns[column].name) + ":" + JsonValueOf(answer, row, column);
    }
    out += "}";
  }
  return out + "]";
}

std::string ToJsonDetail(const Answer& answer, const std::string& fields_json,
                         std::string_view ran_at) {
  std::string data;
  for (std::size_t row = 0; row < answer.rows.size(); ++row) {
    data += row == 0 ? "{" : ",\n{";
    for (std::size_t column = 0; column < answer.compiled.columns.size(); ++column) {
      if (column > 0) data += ",";
      data += QuoteJson(answer.compiled.columns[column].name) + ":" + CellJson(answer, row, column);
    }
    data += "}";
  }
  std::string filters;
  for (const auto& [field, expression] : answer.compiled.applied_filters) {
    filters += (filters.empty() ? "" : ",") + QuoteJson(field) + ":" + QuoteJson(expression);
  }
  return fmt::format(
      "{{\"id\":\"{}\",\"fields\":{},\"data\":[{}],\"sql\":{},\"ran_at\":{},\"runtime\":{:.6f},"
      "\"truncated\":{},\"applied_filters\":{{{}}},\"timezone\":{},\"freshness\":{},\"proof\":{}}}",
      AnswerId(answer),
      fields_json,
      data,
      QuoteJson(answer.compiled.sql),
      QuoteJson(ran_at),
      answer.runtime_s,
      answer.truncated,
      filters,
      QuoteJson(answer.compiled.timezone),
      FreshnessJson(answer.freshness),
      ProofJson(answer.compiled.proof));
}

std::string ToCsv(const Answer& answer) {
  std::string out;
  const std::size_t columns = answer.compiled.columns.size();
  for (std::size_t column = 0; column < columns; ++column) {
    out += CsvField(answer.compiled.columns[column].name) + (column + 1 < columns ? "," : "\r\n");
  }
  for (std::size_t row = 0; row < answer.rows.size(); ++row) {
    for (std::size_t column = 0; column < columns; ++column) {
      out += CsvField(PlainText(answer, row, column)) + (column + 1 < columns ? "," : "\r\n");
    }
  }
  return out;
}

std::string ToTable(const Answer& answer, std::string_view language, bool colour) {
  const Cells cells = CellsOf(answer, language);
  std::vector<std::size_t> widths(answer.compiled.columns.size());
  for (const std::vector<std::string>& row : cells) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], DisplayWidth(row[i]));
    }
  }
  std::string out;
  for (const std::vector<std::string>& row : cells) {
    const bool dim = colour && &row == &cells.front();
    out += (dim ? kDim : "") + AlignedLine(answer, row, widths) + (dim ? kPlain : "") + "\n";
  }
  if (!HasIncomplete(answer)) return out;
  return out + (language == "ja" ? "* 期間の途中までのデータ\n"
                                 : "* the data does not cover the whole period\n");
}

}  // namespace kura::execute
