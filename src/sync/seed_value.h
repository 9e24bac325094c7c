// sync/seed_value.h: cells of seeds/*.csv as typed values. A cell is its type's value exactly, or
// it is refused: nothing is rounded, trimmed or guessed.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sql/type.h"
#include "warehouse/batch.h"

namespace kura::sync {

/// The types that a seed's column can be declared as, for messages.
inline constexpr std::string_view kSeedTypes =
    "text, integer, decimal(12,2), double, boolean, date, timestamp, timestamptz";

/// "decimal(12,2)" as kura.yaml writes it; nothing when there is no such type.
std::optional<sql::Type> ParseSeedType(std::string_view text);

/// What a type is called in messages: "a date", "a whole number".
std::string SeedTypeWords(const sql::Type& type);

/// Why a cell has no value of a type.
struct CellProblem {
  std::string message;  // "'abc' is not a date"
  std::string hint;
};

/// Appends the value of `cell`, which is not empty, to `column`, whose type says what it is; or
/// appends nothing and says why.
std::optional<CellProblem> AppendCell(std::string_view cell, warehouse::BatchColumn* column);

/// Appends NULL.
void AppendNullCell(warehouse::BatchColumn* column);

/// Finds the narrowest type that holds every cell of a column.
class TypeGuess {
 public:
  /// Takes in a cell that is not empty.
  void See(std::string_view cell);

  /// Text unless every cell is of another type. Where at most one cell in five is not, the type is
  /// that of the others: those few are mistakes, which loading then names.
  sql::Type Type() const;

 private:
  void SeeNumber(std::string_view cell);
  sql::Type NumberType() const;

  std::int64_t cells_ = 0;
  std::int64_t booleans_ = 0;
  std::int64_t integers_ = 0;
  std::int64_t numbers_ = 0;  // integers among them
  std::int64_t dates_ = 0;
  std::int64_t timestamps_ = 0;
  std::int64_t instants_ = 0;
  std::int64_t like_numbers_ = 0;  // "1,200"
  std::int64_t like_times_ = 0;    // 2026-02-30
  bool has_code_ = false;          // 0012345
  bool beyond_int64_ = false;
  int whole_digits_ = 1;
  int scale_ = 0;
};

}  // namespace kura::sync
