// sync/seed_table.h: one file of seeds/ as a checked table: bytes → text → columns with types →
// rows. Pure: no disk, no warehouse. Between the folder (seeds.h) and the cells (seed_value.h).
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/charset.h"
#include "base/diagnostics.h"
#include "base/result.h"
#include "sql/type.h"
#include "warehouse/batch.h"

namespace kura::sync {

/// The source that seeds are in the state tables.
inline constexpr std::string_view kSeedSource = "seeds";

/// A column's name as kura.yaml writes it, with its place.
struct SeedName {
  std::string name;
  Span span;
};

/// What kura.yaml's `seeds:` says of one file; all of it may be left out.
struct SeedConfig {
  std::map<std::string, std::pair<sql::Type, Span>> columns;  // those whose type is not guessed
  std::vector<SeedName> primary_key;
  std::vector<SeedName> not_null;
  FileCharset charset = FileCharset::kDetect;
  Span span;
};

/// One file, as it is on the disk.
struct SeedFile {
  std::string table;                   // "targets"
  std::string name;                    // "seeds/targets.csv"
  std::string_view bytes;              // not kept
  const SeedConfig* config = nullptr;  // null = nothing is declared
};

struct SeedColumn {
  std::string name;
  sql::Type type;
  bool guessed = true;
  bool not_null = false;  // columns of the key too
  bool is_key = false;
};

/// A file without mistakes. Its rows stay text until they are loaded.
struct SeedTable {
  std::string table;
  std::shared_ptr<const SourceFile> text;
  std::vector<SeedColumn> columns;
  std::int64_t rows = 0;
};

/// At most so many mistakes of one file are listed.
inline constexpr std::size_t kSeedMistakesMax = 20;

/// Checks a whole file: characters, quotes, header, row lengths, every cell, NULLs and keys.
/// Mistakes go to `diagnostics`, which keeps the text; nothing is returned then.
std::optional<SeedTable> CheckSeed(const SeedFile& file, Diagnostics& diagnostics);

/// Gives the rows of a checked table, batch by batch. Errors: those of `take`.
Status ReadSeedRows(const SeedTable& table,
                    const std::function<Status(const warehouse::Batch&)>& take);

}  // namespace kura::sync
