// The slow obvious way: the table before, the table after.
#include "sync/sim_history_for_test.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace kura::sync {
namespace {

std::string Print(const SimVersion& version) {
  std::string text;
  for (const auto& cell : version.cells) text += " " + (cell ? std::to_string(*cell) : "NULL");
  return text + fmt::format(
                    " from {} to {}", version.from, version.to ? std::to_string(*version.to) : "-");
}

bool Before(const SimVersion& a, const SimVersion& b) {
  return std::tie(a.cells, a.from, a.to) < std::tie(b.cells, b.from, b.to);
}

}  // namespace

std::string HistoryOracle::Check(const std::string& name, const SpoolTable& landed,
                                 bool keeps_history) {
  Versions& open = open_[name];
  std::vector<SimVersion>& closed = closed_[name];
  if (keeps_history) {
    const Micros at = landed.state->read_at;
    std::map<SimCells, SimCells> rows;
    for (const SimCells& row : landed.parts.at(Part::kTarget)) rows[{row[0]}] = row;
    for (auto version = open.begin(); version != open.end();) {
      const auto row = rows.find(version->first);
      if (row != rows.end() && row->second == version->second.cells) {
        rows.erase(row);
        ++version;
        continue;
      }
      version->second.to = at;
      closed.push_back(version->second);
      version = open.erase(version);
    }
    for (const auto& [key, row] : rows) open[key] = {row, at, std::nullopt};
  }
  std::vector<SimVersion> expected = closed;
  for (const auto& [key, version] : open) expected.push_back(version);
  std::vector<SimVersion> got = landed.history;
  std::sort(expected.begin(), expected.end(), Before);
  std::sort(got.begin(), got.end(), Before);
  for (std::size_t i = 0; i < std::max(expected.size(), got.size()); ++i) {
    if (i == got.size()) return "a version is missing:" + Print(expected[i]);
    if (i == expected.size()) return "a version too many:" + Print(got[i]);
    if (got[i] == expected[i]) continue;
    return "version" + Print(got[i]) + " instead of" + Print(expected[i]);
  }
  return "";
}

}  // namespace kura::sync
