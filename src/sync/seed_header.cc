// Names are checked one by one, then kura.yaml's names are looked for among them.
#include "sync/seed_header.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/csv.h"
#include "base/text.h"
#include "sync/diagnostics.h"
#include "sync/seed_value.h"

namespace kura::sync {
namespace {

constexpr std::size_t kNameBytesMax = 200;
constexpr std::size_t kColumnsMax = 1000;

bool HasControl(std::string_view name) {
  return std::any_of(
      name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

// A header whose names are all values is a row: the header was forgotten.
bool LooksLikeRow(const std::vector<CsvCell>& cells) {
  return std::all_of(cells.begin(), cells.end(), [](const CsvCell& cell) {
    TypeGuess guess;
    if (cell.value.empty()) return false;
    guess.See(cell.value);
    return guess.Type().kind != sql::TypeKind::kVarchar;
  });
}

class Header {
 public:
  Header(SeedReport& report, Diagnostics& diagnostics)
      : report_(report), diagnostics_(diagnostics) {}

  bool Read(const SourceFile& text) {
    CsvReader reader(text.text());
    std::vector<CsvCell> cells;
    (void)reader.Next(&cells);
    if (cells.empty() || (cells.size() == 1 && cells[0].value.empty())) {
      report_.Add(kSeedHeader,
                  0,
                  0,
                  "there is no header",
                  "the first line names the columns, separated by commas");
      return false;
    }
    if (cells.size() > kColumnsMax) {
      Report(cells.back(), fmt::format("there are more than {} columns", kColumnsMax), "");
      return false;
    }
    if (LooksLikeRow(cells)) {
      Report(cells.front(),
             fmt::format("'{}' is a value, not a column's name", cells.front().value),
             "put a line above it that names the columns");
      return false;
    }
    for (const CsvCell& cell : cells) AddColumn(cell, cells.size());
    return true;
  }

  void Declare(const SeedConfig& config) {
    for (const auto& [name, type] : config.columns) {
      if (SeedColumn* column = Find({name, type.second})) {
        column->type = type.first;
        column->guessed = false;
      }
    }
    for (const SeedName& name : config.primary_key) {
      if (SeedColumn* column = Find(name)) column->is_key = column->not_null = true;
    }
    for (const SeedName& name : config.not_null) {
      if (SeedColumn* column = Find(name)) column->not_null = true;
    }
  }

  bool is_declared_right() const { return is_declared_right_; }
  std::vector<SeedColumn> TakeColumns() { return std::move(columns_); }

 private:
  void Report(const CsvCell& cell, std::string message, std::string hint) {
    report_.Add(kSeedHeader, cell.begin, cell.end, std::move(message), std::move(hint));
  }

  void AddColumn(const CsvCell& cell, std::size_t count) {
    const std::string& name = cell.value;
    SeedColumn column;
    column.name = name;
    columns_.push_back(std::move(column));
    if (Trim(name).empty()) {
      Report(cell,
             fmt::format("column {} has no name", columns_.size()),
             "name it, or take the column out");
    } else if (Trim(name) != name) {
      Report(cell,
             fmt::format("the name '{}' has white space around it", Trim(name)),
             "take the white space away");
    } else if (HasControl(name) || name.find('"') != std::string::npos) {
      Report(cell, "a column's name cannot have quotes, tabs or line ends", "rename the column");
    } else if (name.size() > kNameBytesMax) {
      Report(cell,
             fmt::format("the name has {} bytes, more than {}", name.size(), kNameBytesMax),
             "shorten it");
    } else if (count == 1 && name.find(';') != std::string::npos) {
      Report(cell, "the cells are separated by semicolons", "separate them by commas");
    } else {
      CheckTwice(cell);
    }
  }

  // The warehouse finds columns without regard to case.
  void CheckTwice(const CsvCell& cell) {
    const auto [found, is_new] = seen_.emplace(ToLower(cell.value), columns_.size());
    if (is_new) return;
    Report(cell,
           fmt::format("the column '{}' is there twice: columns {} and {}",
                       cell.value,
                       found->second,
                       columns_.size()),
           "rename one of them; capitals make no difference");
  }

  // The column that kura.yaml means.
  SeedColumn* Find(const SeedName& declared) {
    std::vector<std::string> names;
    for (SeedColumn& column : columns_) {
      if (column.name == declared.name) return &column;
      names.push_back(column.name);
    }
    const std::string nearest = NearestName(declared.name, names);
    Diagnostic mistake;
    mistake.kind = kSeedDeclaration;
    mistake.span = declared.span;
    mistake.message = fmt::format("the file has no column '{}'", declared.name);
    mistake.hint =
        nearest.empty() ? "its columns: " + Join(names, ", ") : "did you mean '" + nearest + "'?";
    diagnostics_.Add(std::move(mistake));
    is_declared_right_ = false;
    return nullptr;
  }

  SeedReport& report_;
  Diagnostics& diagnostics_;
  std::vector<SeedColumn> columns_;
  std::map<std::string, std::size_t> seen_;  // by lower case; columns from 1
  bool is_declared_right_ = true;
};

}  // namespace

std::optional<std::vector<SeedColumn>> ReadSeedHeader(const SourceFile& text,
                                                      const SeedConfig* config, SeedReport& report,
                                                      Diagnostics& diagnostics) {
  Header header(report, diagnostics);
  if (!header.Read(text)) return std::nullopt;
  if (config != nullptr) header.Declare(*config);
  if (!header.is_declared_right()) return std::nullopt;
  return header.TakeColumns();
}

}  // namespace kura::sync
