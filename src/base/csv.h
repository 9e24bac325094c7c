// base/csv.h: comma-separated text as RFC 4180 has it, read strictly: what is not exactly right is
// a mistake with its place, and never a guess about quotes, separators or missing cells.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kura {

/// One cell: its value without quotes, and the bytes of the text that it has there.
struct CsvCell {
  std::string value;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  bool quoted = false;
};

/// What is wrong at some bytes of the text.
struct CsvMistake {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::string message;
  std::string hint;
};

/// Reads one record after the other; a record is a line, or several when quoted cells have line
/// ends. After a mistake it goes on as a person would read the text, so that one run shows all.
class CsvReader {
 public:
  /// `text`, of less than 4 GB, must outlive this.
  explicit CsvReader(std::string_view text) : text_(text) {}

  /// Reads the next record into `cells`; false at the end. A line without anything is one empty
  /// cell; how many cells a record should have is the caller's business.
  bool Next(std::vector<CsvCell>* cells);

  const std::vector<CsvMistake>& mistakes() const { return mistakes_; }

 private:
  void ReadCell(CsvCell* cell);
  void ReadPlain(CsvCell* cell);
  void ReadQuoted(CsvCell* cell);
  void SkipLineEnd();
  void Report(std::size_t begin, std::size_t end, std::string message, std::string hint);

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<CsvMistake> mistakes_;
};

}  // namespace kura
