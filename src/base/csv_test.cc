// The reader against a slow one that goes character by character, on random texts and on tables
// that were written with random quotes.
#include "base/csv.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

namespace kura {
namespace {

using Rows = std::vector<std::vector<std::string>>;

Rows ReadAll(std::string_view text, bool* is_right) {
  CsvReader reader(text);
  Rows rows;
  std::vector<CsvCell> cells;
  while (reader.Next(&cells)) {
    rows.emplace_back();
    for (const CsvCell& cell : cells) rows.back().push_back(cell.value);
  }
  *is_right = reader.mistakes().empty();
  return rows;
}

// RFC 4180 by one character and one state at a time. Wrong texts give no rows.
Rows ReadSlowly(const std::string& text, bool* is_right) {
  enum class State { kBegin, kPlain, kQuoted, kBehind };
  Rows rows;
  std::vector<std::string> row;
  std::string cell;
  State state = State::kBegin;
  *is_right = true;
  bool is_open = false;  // something of the record was read
  const auto end_row = [&] {
    row.push_back(cell);
    rows.push_back(row);
    row.clear();
    cell.clear();
    state = State::kBegin;
    is_open = false;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (state == State::kQuoted) {
      if (c == '"') {
        state = State::kBehind;
      } else {
        cell += c;
      }
    } else if (state == State::kBehind && c == '"') {
      cell += c;
      state = State::kQuoted;
    } else if (c == ',') {
      row.push_back(cell);
      cell.clear();
      state = State::kBegin;
      is_open = true;
    } else if (c == '\n' || (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n')) {
      if (c == '\r') ++i;
      end_row();
    } else if (c == '"' && state == State::kBegin) {
      state = State::kQuoted;
      is_open = true;
    } else if (c == '"' || c == '\r' || state == State::kBehind) {
      *is_right = false;
      return {};
    } else {
      cell += c;
      state = State::kPlain;
      is_open = true;
    }
  }
  if (state == State::kQuoted) {
    *is_right = false;
    return {};
  }
  if (is_open) end_row();
  return rows;
}

TEST_CASE("random texts are read as slowly, or refused by both") {
  std::mt19937 random(7);
  constexpr std::string_view kLetters = "ab,,\"\"\n\n\r";
  int right = 0;
  for (int round = 0; round < 40'000; ++round) {
    std::string text;
    const std::size_t size = random() % 12;
    for (std::size_t i = 0; i < size; ++i) {
      text += kLetters[random() % kLetters.size()];
      if (text.back() == '\r' && random() % 2 == 0) text += '\n';
    }
    bool is_right = false;
    bool is_slowly_right = false;
    const Rows rows = ReadAll(text, &is_right);
    const Rows slow = ReadSlowly(text, &is_slowly_right);
    CAPTURE(text);
    REQUIRE(is_right == is_slowly_right);
    if (!is_right) continue;
    ++right;
    REQUIRE(rows == slow);
  }
  CHECK(right > 5'000);
}

TEST_CASE("what was written is read, whatever is in the cells") {
  std::mt19937 random(11);
  const std::vector<std::string> pieces = {"a", "東京", ",", "\"", "\n", "\r\n", " ", "12", "\r"};
  for (int round = 0; round < 2'000; ++round) {
    const std::size_t width = 2 + random() % 4;
    Rows rows(1 + random() % 5, std::vector<std::string>(width));
    std::string text;
    for (auto& row : rows) {
      for (std::size_t i = 0; i < width; ++i) {
        std::string& cell = row[i];
        for (std::size_t n = random() % 4; n > 0; --n) cell += pieces[random() % pieces.size()];
        std::string quoted;
        for (const char c : cell) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
        const bool must = cell.find_first_of(",\"\r\n") != std::string::npos;
        text += must || random() % 3 == 0 ? "\"" + quoted + "\"" : cell;
        text += i + 1 < width ? "," : random() % 2 == 0 ? "\n" : "\r\n";
      }
    }
    bool is_right = false;
    CAPTURE(text);
    CHECK(ReadAll(text, &is_right) == rows);
    CHECK(is_right);
  }
}

TEST_CASE("cells know their place, and mistakes theirs") {
  CsvReader reader("a,\"b\nc\",\n\"x\"y,z\rw\"");
  std::vector<CsvCell> cells;
  REQUIRE(reader.Next(&cells));
  REQUIRE(cells.size() == 3);
  CHECK(cells[1].value == "b\nc");
  CHECK(cells[1].begin == 2);
  CHECK(cells[1].end == 7);
  CHECK(cells[1].quoted);
  CHECK(cells[2].begin == 8);
  REQUIRE(reader.Next(&cells));
  REQUIRE(reader.Next(&cells));
  CHECK_FALSE(reader.Next(&cells));
  REQUIRE(reader.mistakes().size() == 3);
  CHECK(reader.mistakes()[0].begin == 12);  // y
  CHECK(reader.mistakes()[1].begin == 15);  // a carriage return alone
  CHECK(reader.mistakes()[2].begin == 17);  // a quote inside
}

}  // namespace
}  // namespace kura
