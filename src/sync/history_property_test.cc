// Random tables, random commits, a real warehouse: after each commit the history must be what a
// slow obvious evaluation of the tables before and after says. Values are those that are easily
// taken for equal, or for different; a part of the key can be NULL.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <map>
#include <set>

#include "base/text.h"
#include "sync/history.h"
#include "sync/sim_random_for_test.h"
#include "sync/test_server.h"
#include "sync/warehouse_spool.h"

namespace kura::sync {
namespace {

using sql::TypeKind;
using Cells = std::vector<std::string>;  // as the warehouse prints them

constexpr std::size_t kKeyWidth = 2;
constexpr std::uint64_t kSeeds = 4;
constexpr int kCommits = 20;

struct Version {
  Cells cells;
  Micros from = 0;
  Micros to = 0;  // 0: open
};

// What a column's values are taken from; one is the same as itself only.
const std::vector<std::vector<std::string>>& Choices() {
  static const std::vector<std::vector<std::string>> choices = {
      {"1", "2", "3", "4", "5", "6", "7"},
      {"NULL", "2020-01-01"},
      {"NULL", "0.0", "-0.0", "1.5", "nan"},
      {"NULL", "", "a", "A"},
      {"NULL", "", "\\x00", "\\x00\\x00"},
      {"NULL", "00:00:00", "24:00:00", "-24:00:00"},
      {"NULL", "0.00", "-1.50"}};
  return choices;
}

SourceTable Described(bool keeps_deleted) {
  SourceTable table;
  table.name = "things";
  const auto add = [&](const char* name, TypeKind kind, int precision = 0, int scale = 0) {
    table.columns.push_back({name, {kind, precision, scale}, "", "", true});
  };
  add("id", TypeKind::kBigInt);
  add("day", TypeKind::kDate);
  add("ratio", TypeKind::kDouble);
  add("word", TypeKind::kVarchar);
  add("bytes", TypeKind::kBlob);
  add("length", TypeKind::kInterval);
  add("price", TypeKind::kDecimal, 12, 2);
  table.primary_key = {"id", "day"};
  table.keeps_deleted = keeps_deleted;
  table.keeps_history = true;
  return table;
}

template <typename T>
void Put(warehouse::BatchColumn* column, T value) {
  const std::size_t at = column->fixed.size();
  column->fixed.resize(at + sizeof value);
  std::memcpy(column->fixed.data() + at, &value, sizeof value);
}

void PutCell(warehouse::BatchColumn* column, const std::string& cell) {
  const bool is_null = cell == "NULL";
  column->valid.push_back(is_null ? 0 : 1);
  const auto index = [&](std::size_t of) {
    const auto& choices = Choices()[of];
    return std::find(choices.begin(), choices.end(), cell) - choices.begin();
  };
  constexpr double kRatios[] = {0, 0.0, -0.0, 1.5, std::numeric_limits<double>::quiet_NaN()};
  switch (column->type.kind) {
    case TypeKind::kBigInt:
      return Put<std::int64_t>(column, cell[0] - '0');
    case TypeKind::kDate:
      return Put<std::int32_t>(column, 18262);
    case TypeKind::kDouble:
      return Put<double>(column, kRatios[index(2)]);
    case TypeKind::kInterval:
      return Put<warehouse::Interval>(
          column,
          {0, 0, is_null || cell[0] == '0' ? 0 : (cell[0] == '-' ? -1 : 1) * kMicrosPerDay});
    case TypeKind::kDecimal:
      return Put<std::int64_t>(column, is_null || cell[0] == '0' ? 0 : -150);
    case TypeKind::kBlob:
      column->bytes.append(is_null ? 0 : cell.size() / 4, '\0');
      break;
    default:
      if (!is_null) column->bytes += cell;
  }
  column->ends.push_back(static_cast<std::uint32_t>(column->bytes.size()));
}

class World {
 public:
  explicit World(std::uint64_t seed)
      : random_(seed),
        table_(Described(random_.Percent(30))),
        warehouse_(testing::OpenIn(folder_.path())),
        spool_(MakeWarehouseSpool("t", *warehouse_)) {
    REQUIRE(spool_->Prepare().has_value());
  }

  void Commit(bool first) {
    const std::map<Cells, Cells> before = rows_;
    Change();
    at_ += random_.Percent(10) ? -kMicrosPerHour : 1 + random_.Below(kMicrosPerHour);
    opened_ = *spool_->Open(table_);
    const bool whole = first || random_.Percent(25);
    // Now and then nothing is recorded: what comes then must be made good.
    records_ = first || random_.Percent(90);
    if (whole) {
      CommitWhole(!first);
    } else {
      CommitDelta(before);
    }
    if (records_) Expect();
    Check();
  }

 private:
  Cells Pick(bool key_only) {
    Cells cells;
    for (std::size_t i = 0; i < Choices().size(); ++i) {
      if (key_only && i == kKeyWidth) break;
      const auto& choices = Choices()[i];
      const auto count = static_cast<std::int64_t>(choices.size());
      cells.push_back(choices[static_cast<std::size_t>(random_.Below(count))]);
    }
    return cells;
  }

  static Cells KeyOf(const Cells& row) { return {row.begin(), row.begin() + kKeyWidth}; }

  void Change() {
    for (std::int64_t i = random_.Below(6); i > 0; --i) {
      const Cells row = Pick(false);
      const auto found = rows_.find(KeyOf(row));
      if (random_.Percent(30)) {
        rows_.erase(KeyOf(row));
      } else if (found == rows_.end() || random_.Percent(20)) {
        rows_[KeyOf(row)] = row;
      } else {
        const auto column = kKeyWidth + static_cast<std::size_t>(random_.Below(5));
        found->second[column] = row[column];
      }
    }
  }

  void Write(Part part, const std::vector<Cells>& rows) {
    REQUIRE(opened_->Create(part).has_value());
    std::vector<sql::Type> types;
    for (const SourceColumn& column : table_.columns) types.push_back(column.type);
    if (part == Part::kKeys) types.resize(kKeyWidth);
    warehouse::Batch batch(types);
    for (const Cells& row : rows) {
      for (std::size_t i = 0; i < types.size(); ++i) PutCell(&batch.columns[i], row[i]);
      ++batch.rows;
    }
    const auto writer = *opened_->Write(part);
    if (batch.rows > 0) REQUIRE(writer->Append(batch).has_value());
    REQUIRE(writer->Commit().has_value());
  }

  std::vector<Cells> All() const {
    std::vector<Cells> rows;
    for (const auto& [key, row] : rows_) rows.push_back(row);
    return rows;
  }

  void CommitWhole(bool replaces) {
    Write(Part::kStage, All());
    Transaction(true, [&]() -> Status {
      if (table_.keeps_deleted) {
        sql::CarriedRows carried;
        for (const SourceColumn& column : table_.columns) carried.columns.push_back(column.name);
        carried.has_deleted_at = replaces;
        if (!replaces) carried.columns.clear();
        TRY_STATUS(opened_->CarryOver(carried, at_));
      }
      return opened_->Swap();
    });
  }

  void CommitDelta(const std::map<Cells, Cells>& before) {
    std::vector<Cells> changes;
    for (const auto& [key, row] : rows_) {
      const auto found = before.find(key);
      const bool is_changed = found == before.end() || found->second != row;
      if (is_changed || random_.Percent(30)) changes.push_back(row);
    }
    Write(Part::kChanges, changes);
    Write(Part::kKeys, All());
    REQUIRE(opened_->CheckKeys(Part::kTarget).has_value());
    Transaction(false, [&]() -> Status {
      TRY_STATUS(opened_->Merge(Part::kTarget));
      return opened_->RemoveGone(Part::kTarget, at_);
    });
  }

  void Transaction(bool whole, const std::function<Status()>& change) {
    const Status done = opened_->InTransaction([&]() -> Status {
      TRY_STATUS(change());
      if (records_) TRY_STATUS(opened_->RecordHistory({whole, at_, at_, "[]"}));
      TRY_STATUS(opened_->Drop());
      Position position;
      position.state.source = "t";
      position.state.table = table_.name;
      position.run.source = "t";
      position.run.table = table_.name;
      return opened_->Record(position);
    });
    REQUIRE_MESSAGE(done.has_value(), done.error().message);
  }

  void Expect() {
    last_ = std::max(at_, last_ + 1);
    std::set<Cells> same;
    for (Version& version : versions_) {
      if (version.to != 0) continue;
      const auto row = rows_.find(KeyOf(version.cells));
      if (row != rows_.end() && row->second == version.cells) {
        same.insert(row->first);
      } else {
        version.to = last_;
      }
    }
    for (const auto& [key, row] : rows_) {
      if (same.count(key) == 0) versions_.push_back({row, last_, 0});
    }
  }

  void Check() {
    std::vector<std::string> expected;
    for (const Version& version : versions_) {
      expected.push_back(Join(version.cells, "|") + "|" + std::to_string(version.from) + "|" +
                         (version.to == 0 ? "NULL" : std::to_string(version.to)));
    }
    std::sort(expected.begin(), expected.end());
    auto got = testing::RowsOf(
        *warehouse_,
        "SELECT id::VARCHAR, day::VARCHAR, ratio::VARCHAR, word, bytes::VARCHAR, length::VARCHAR, "
        "price::VARCHAR, epoch_us(valid_from), epoch_us(valid_to) FROM raw_t.things__history");
    std::sort(got.begin(), got.end());
    CHECK(got == expected);
  }

  SimRandom random_;
  const SourceTable table_;
  testing::TestFolder folder_;
  std::unique_ptr<warehouse::Warehouse> warehouse_;
  std::unique_ptr<Spool> spool_;
  std::unique_ptr<TableSpool> opened_;
  std::map<Cells, Cells> rows_;
  std::vector<Version> versions_;
  Micros at_ = 1'764'000'000'000'000;
  Micros last_ = 0;
  bool records_ = true;
};

TEST_CASE("a history is what the tables before and after say, whatever the values are") {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    CAPTURE(seed);
    World world(seed);
    for (int i = 0; i < kCommits; ++i) {
      CAPTURE(i);
      world.Commit(i == 0);
    }
  }
}

}  // namespace
}  // namespace kura::sync
