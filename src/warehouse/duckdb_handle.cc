// DuckDB's error texts begin with their class; the C API tells the class by number only for
// results, so the text decides everywhere.
#include "warehouse/duckdb_handle.h"

#include <array>

namespace kura::warehouse {
namespace {

struct ErrorClass {
  std::string_view prefix;
  Code code;
  std::string_view hint;
};

// What is not listed is about the statement: kInvalid.
constexpr std::array kClasses = std::to_array<ErrorClass>({
    {"IO Error", Code::kUnavailable, ""},
    {"Out of Memory Error",
     Code::kUnavailable,
     "ask for less, or raise limits.memory in kura.yaml"},
    {"FATAL Error", Code::kUnavailable, "the warehouse must be reopened: restart kura"},
    {"INTERNAL Error", Code::kUnavailable, "the warehouse must be reopened: restart kura"},
    {"Serialization Error", Code::kUnavailable, ""},
    {"Connection Error", Code::kUnavailable, ""},
    {"INTERRUPT Error", Code::kConflict, ""},
    {"TransactionContext Error", Code::kConflict, ""},
});

}  // namespace

std::string TakeText(char* text) {
  if (text == nullptr) return {};
  std::string taken(text);
  duckdb_free(text);
  return taken;
}

Error MapError(std::string_view text) {
  for (const ErrorClass& known : kClasses) {
    if (!text.starts_with(known.prefix)) continue;
    return {known.code, std::string(text), std::string(known.hint)};
  }
  return {Code::kInvalid, std::string(text.empty() ? "DuckDB gave no reason" : text), {}};
}

Status RunStatements(duckdb_connection connection, const std::string& sql) {
  ResultHandle result;
  if (duckdb_query(connection, sql.c_str(), result.out()) == DuckDBSuccess) return {};
  const char* text = duckdb_result_error(result.out());
  return tl::make_unexpected(MapError(text == nullptr ? "" : text));
}

}  // namespace kura::warehouse
