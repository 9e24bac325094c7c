// Two passes over the text: the first finds the types, the second makes every value; loading is the
// second pass once more. A pass stops where the first one found a record that it cannot place.
#include "sync/seed_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/csv.h"
#include "base/text.h"
#include "sync/diagnostics.h"
#include "sync/seed_header.h"
#include "sync/seed_key.h"
#include "sync/seed_report.h"
#include "sync/seed_value.h"

namespace kura::sync {
namespace {

using Cells = std::vector<CsvCell>;

// Nothing in any cell, quoted or not: what spreadsheets leave below a table.
bool IsEmpty(const Cells& cells) {
  return std::all_of(
      cells.begin(), cells.end(), [](const CsvCell& cell) { return cell.value.empty(); });
}

// The records below the header that have as many cells as it; empty ones at the end do not count.
// Others are reported when there is somebody to report to.
class Records {
 public:
  Records(const SourceFile& text, std::size_t width, SeedReport* report)
      : reader_(text.text()), width_(width), report_(report) {
    (void)reader_.Next(&cells_);
  }

  const Cells* Next() {
    while (reader_.Next(&cells_)) {
      if (IsEmpty(cells_)) {
        if (!empty_) empty_ = {cells_.front().begin, cells_.back().end};
        continue;
      }
      if (empty_) Report(*empty_, "this row is empty", "take it out");
      empty_.reset();
      if (cells_.size() == width_) return &cells_;
      Report({cells_.front().begin, cells_.back().end},
             fmt::format("this row has {} cell{}, the header has {}",
                         cells_.size(),
                         cells_.size() == 1 ? "" : "s",
                         width_),
             cells_.size() > width_ ? "put a cell that has a comma into quotes"
                                    : "write a comma for each empty cell");
    }
    return nullptr;
  }

  const std::vector<CsvMistake>& mistakes() const { return reader_.mistakes(); }

 private:
  void Report(std::pair<std::uint32_t, std::uint32_t> at, std::string message, std::string hint) {
    if (report_ != nullptr) {
      report_->Add(kSeedRow, at.first, at.second, std::move(message), std::move(hint));
    }
  }

  CsvReader reader_;
  std::size_t width_;
  SeedReport* report_;
  Cells cells_;
  std::optional<std::pair<std::uint32_t, std::uint32_t>> empty_;
};

std::vector<sql::Type> TypesOf(const std::vector<SeedColumn>& columns) {
  std::vector<sql::Type> types;
  for (const SeedColumn& column : columns) types.push_back(column.type);
  return types;
}

class Checker {
 public:
  Checker(const SeedFile& file, std::shared_ptr<const SourceFile> text, Diagnostics& diagnostics)
      : file_(file), text_(std::move(text)), diagnostics_(diagnostics), report_(*text_) {}

  std::optional<SeedTable> Run() {
    std::optional<SeedTable> table = Check();
    const bool is_good = table && !report_.has_mistakes();
    report_.Finish(diagnostics_);
    return is_good ? std::move(table) : std::nullopt;
  }

 private:
  std::optional<SeedTable> Check() {
    std::optional<std::vector<SeedColumn>> columns =
        ReadSeedHeader(*text_, file_.config, report_, diagnostics_);
    if (!columns) return std::nullopt;
    columns_ = *std::move(columns);
    GuessTypes();
    CheckRows();
    return SeedTable{file_.table, text_, columns_, rows_};
  }

  void GuessTypes() {
    std::vector<TypeGuess> guesses(columns_.size());
    Records records(*text_, columns_.size(), nullptr);
    while (const Cells* cells = records.Next()) {
      for (std::size_t i = 0; i < cells->size(); ++i) {
        if (columns_[i].guessed && !(*cells)[i].value.empty()) guesses[i].See((*cells)[i].value);
      }
    }
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (columns_[i].guessed) columns_[i].type = guesses[i].Type();
    }
  }

  void CheckRows() {
    SeedKey key(columns_);
    warehouse::Batch row(TypesOf(columns_));
    Records records(*text_, columns_.size(), &report_);
    while (const Cells* cells = records.Next()) {
      row.Clear();
      bool is_whole = true;
      for (std::size_t i = 0; i < cells->size(); ++i) {
        is_whole = CheckCell((*cells)[i], columns_[i], &row.columns[i]) && is_whole;
      }
      if (is_whole) CheckKey(*cells, row, &key);
      ++rows_;
    }
    for (const CsvMistake& mistake : records.mistakes()) {
      report_.Add(kSeedSyntax, mistake.begin, mistake.end, mistake.message, mistake.hint);
    }
  }

  bool CheckCell(const CsvCell& cell, const SeedColumn& column, warehouse::BatchColumn* values) {
    if (cell.value.empty()) {
      AppendNullCell(values);
      if (!column.not_null) return true;
      report_.Add(kSeedKey,
                  cell.begin,
                  cell.end,
                  fmt::format("{} '{}' has no value",
                              column.is_key ? "the key's column" : "the column",
                              column.name),
                  column.is_key ? "every row needs its key" : "kura.yaml says not_null");
      return false;
    }
    const std::optional<CellProblem> problem = AppendCell(cell.value, values);
    if (!problem) return true;
    std::string hint = problem->hint;
    if (column.guessed) {
      hint += fmt::format(
          "{}if '{}' is not meant to be {}, say so in kura.yaml:\n"
          "seeds: {{{}: {{columns: {{{}: text}}}}}}",
          hint.empty() ? "" : "\n",
          column.name,
          SeedTypeWords(column.type),
          file_.table,
          column.name);
    }
    report_.Add(kSeedValue,
                cell.begin,
                cell.end,
                fmt::format("{} (column '{}')", problem->message, column.name),
                std::move(hint));
    return false;
  }

  void CheckKey(const Cells& cells, const warehouse::Batch& row, SeedKey* key) {
    const std::size_t line = text_->PositionOf(cells.front().begin).line;
    const std::optional<std::size_t> earlier = key->Add(row, line);
    if (!earlier) return;
    report_.Add(kSeedKey,
                cells.front().begin,
                cells.back().end,
                fmt::format("the key {} is in line {} already", key->Words(cells), *earlier),
                "take one of the rows out, or make the primary_key in kura.yaml longer");
  }

  const SeedFile& file_;
  std::shared_ptr<const SourceFile> text_;
  Diagnostics& diagnostics_;
  SeedReport report_;
  std::vector<SeedColumn> columns_;
  std::int64_t rows_ = 0;
};

}  // namespace

std::optional<SeedTable> CheckSeed(const SeedFile& file, Diagnostics& diagnostics) {
  const FileCharset charset = file.config == nullptr ? FileCharset::kDetect : file.config->charset;
  DecodedText decoded = DecodeFile(file.bytes, charset);
  const auto end = static_cast<std::uint32_t>(decoded.text.size());
  auto text = std::make_shared<const SourceFile>(file.name, std::move(decoded.text));
  (void)diagnostics.Keep(text);
  if (decoded.problem.empty()) return Checker(file, std::move(text), diagnostics).Run();
  SeedReport report(*text);
  report.Add(kSeedEncoding, end, end, std::move(decoded.problem), std::move(decoded.hint));
  report.Finish(diagnostics);
  return std::nullopt;
}

Status ReadSeedRows(const SeedTable& table,
                    const std::function<Status(const warehouse::Batch&)>& take) {
  warehouse::Batch batch(TypesOf(table.columns));
  Records records(*table.text, table.columns.size(), nullptr);
  while (const Cells* cells = records.Next()) {
    for (std::size_t i = 0; i < cells->size(); ++i) {
      const std::string& cell = (*cells)[i].value;
      if (cell.empty()) {
        AppendNullCell(&batch.columns[i]);
      } else if (const auto problem = AppendCell(cell, &batch.columns[i])) {
        return Fail(Code::kInternal, "{} after it was checked", problem->message);
      }
    }
    if (++batch.rows < warehouse::kBatchRows) continue;
    TRY_STATUS(take(batch));
    batch.Clear();
  }
  return batch.rows == 0 ? Status() : take(batch);
}

}  // namespace kura::sync
