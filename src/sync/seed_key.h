// sync/seed_key.h: whether the keys of a seed's rows differ, by value: 2026/4/1 is 2026-04-01.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/csv.h"
#include "sync/seed_table.h"
#include "warehouse/batch.h"

namespace kura::sync {

class SeedKey {
 public:
  /// The key's columns among `columns`; without any every row is welcome.
  explicit SeedKey(const std::vector<SeedColumn>& columns);

  /// Adds the key of a batch of one row; gives the line that has it already.
  std::optional<std::size_t> Add(const warehouse::Batch& row, std::size_t line);

  /// The key of a record as it is written: "month=2026-04-01, category=本".
  std::string Words(const std::vector<CsvCell>& cells) const;

 private:
  std::vector<std::size_t> indexes_;
  std::vector<std::string> names_;
  std::unordered_map<std::string, std::size_t> lines_;
};

}  // namespace kura::sync
