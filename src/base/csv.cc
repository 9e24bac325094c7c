// Cells are found by searching for what ends them; only quoted cells are put together in pieces.
#include "base/csv.h"

#include <algorithm>

namespace kura {
namespace {

// A text that is no CSV at all would have a mistake in each line.
constexpr std::size_t kMistakesMax = 100;

}  // namespace

bool CsvReader::Next(std::vector<CsvCell>* cells) {
  if (at_ >= text_.size()) {
    cells->clear();
    return false;
  }
  std::size_t count = 0;
  while (true) {
    if (count == cells->size()) cells->emplace_back();
    ReadCell(&(*cells)[count++]);
    if (at_ < text_.size() && text_[at_] == ',') {
      ++at_;
      continue;
    }
    SkipLineEnd();  // Behind a cell comes nothing else but a comma.
    cells->resize(count);
    return true;
  }
}

void CsvReader::ReadCell(CsvCell* cell) {
  cell->value.clear();
  cell->quoted = at_ < text_.size() && text_[at_] == '"';
  cell->begin = static_cast<std::uint32_t>(at_);
  if (cell->quoted) ReadQuoted(cell);
  ReadPlain(cell);
  cell->end = static_cast<std::uint32_t>(at_);
}

// Up to a comma or a line end. Behind a quoted cell there is nothing to read.
void CsvReader::ReadPlain(CsvCell* cell) {
  const std::size_t begin = at_;
  at_ = std::min(text_.find_first_of(",\r\n", at_), text_.size());
  if (at_ == begin) return;
  const std::string_view piece = text_.substr(begin, at_ - begin);
  if (cell->quoted) {
    Report(begin,
           at_,
           "there is text behind the closing quote of a cell",
           "a quote inside a quoted cell is written twice:  \"a \"\"b\"\" c\"");
  } else if (const std::size_t quote = piece.find('"'); quote != std::string_view::npos) {
    Report(begin + quote,
           begin + quote + 1,
           "there is a quote in a cell that does not begin with one",
           "put the cell into quotes and write the quote twice:  \"a \"\"b\"\" c\"");
  }
  cell->value.append(piece);
}

void CsvReader::ReadQuoted(CsvCell* cell) {
  const std::size_t begin = at_++;
  while (true) {
    const std::size_t quote = text_.find('"', at_);
    if (quote == std::string_view::npos) {
      Report(begin,
             begin + 1,
             "the quote that begins here is never closed",
             "close the cell with a quote; a quote inside it is written twice");
      cell->value.append(text_.substr(at_));
      at_ = text_.size();
      return;
    }
    cell->value.append(text_.substr(at_, quote - at_));
    at_ = quote + 1;
    if (at_ >= text_.size() || text_[at_] != '"') return;
    cell->value += '"';
    ++at_;
  }
}

// Moves behind CRLF or LF; a CR alone is a mistake that ends the line too.
void CsvReader::SkipLineEnd() {
  if (at_ >= text_.size()) return;
  if (text_[at_] == '\n') {
    ++at_;
    return;
  }
  const std::size_t begin = at_++;
  if (at_ < text_.size() && text_[at_] == '\n') {
    ++at_;
    return;
  }
  Report(begin,
         begin + 1,
         "the line ends with a carriage return alone",
         "save the file with LF or CRLF at the end of lines");
}

void CsvReader::Report(std::size_t begin, std::size_t end, std::string message, std::string hint) {
  if (mistakes_.size() >= kMistakesMax) return;
  mistakes_.push_back({static_cast<std::uint32_t>(begin),
                       static_cast<std::uint32_t>(end),
                       std::move(message),
                       std::move(hint)});
}

}  // namespace kura
