// A key is the bytes of its values, each text behind its length.
#include "sync/seed_key.h"

#include "base/text.h"

namespace kura::sync {

SeedKey::SeedKey(const std::vector<SeedColumn>& columns) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (!columns[i].is_key) continue;
    indexes_.push_back(i);
    names_.push_back(columns[i].name);
  }
}

std::optional<std::size_t> SeedKey::Add(const warehouse::Batch& row, std::size_t line) {
  if (indexes_.empty()) return std::nullopt;
  std::string key;
  for (const std::size_t index : indexes_) {
    const warehouse::BatchColumn& column = row.columns[index];
    key += std::to_string(column.bytes.size()) + ":" + column.bytes;
    for (const std::byte byte : column.fixed) key += static_cast<char>(byte);
  }
  const auto [found, is_new] = lines_.emplace(std::move(key), line);
  if (is_new) return std::nullopt;
  return found->second;
}

std::string SeedKey::Words(const std::vector<CsvCell>& cells) const {
  std::vector<std::string> words;
  for (std::size_t i = 0; i < indexes_.size(); ++i) {
    words.push_back(names_[i] + "=" + cells[indexes_[i]].value);
  }
  return Join(words, ", ");
}

}  // namespace kura::sync
