// Fuzzes seeds/*.csv: bytes to text to cells to a checked table. What was checked without a finding
// must give as many rows as were counted, and every cell must lie within the text.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/csv.h"
#include "sync/seed_table.h"

namespace {

void ReadCells(const std::string& text) {
  kura::CsvReader reader(text);
  std::vector<kura::CsvCell> cells;
  while (reader.Next(&cells)) {
    for (const kura::CsvCell& cell : cells) {
      if (cell.begin > cell.end || cell.end > text.size()) std::abort();
      if (cell.value.size() > cell.end - cell.begin) std::abort();
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(data, data + size);
  ReadCells(bytes);
  kura::sync::SeedConfig config;
  config.primary_key = {{"k", {}}};
  for (const kura::sync::SeedConfig* declared :
       {&config, static_cast<decltype(&config)>(nullptr)}) {
    kura::Diagnostics findings;
    const auto table = kura::sync::CheckSeed({"t", "seeds/t.csv", bytes, declared}, findings);
    if (table.has_value() == findings.has_errors()) std::abort();
    (void)kura::Render(findings);
    if (!table) continue;
    std::int64_t rows = 0;
    const auto read = kura::sync::ReadSeedRows(
        *table, [&rows](const kura::warehouse::Batch& batch) -> kura::Status {
          rows += static_cast<std::int64_t>(batch.rows);
          return {};
        });
    if (!read || rows != table->rows) std::abort();
  }
  return 0;
}
