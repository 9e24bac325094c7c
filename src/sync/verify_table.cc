// The order is what makes it correct: the warehouse's transaction, the watermark (which waits for a
// reader that lags), the source's snapshot; see verify.h.
#include "sync/verify_table.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "sync/kill_point.h"
#include "sync/verify_repair.h"
#include "sync/watermark.h"

namespace kura::sync {
namespace {

constexpr std::int64_t kShownMax = 10;
// Rows that are compared at a time: enough to pay for a look through the whole table's keys.
constexpr std::int64_t kGroupRows = 500'000;
// A table that cannot be cut into ranges is compared as a whole up to this size.
constexpr std::int64_t kWholeMax = 1'000'000;

std::string TextOf(const warehouse::Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text == nullptr ? std::string() : *text;
}

std::string KeyName(const std::vector<std::string>& key) {
  return key.size() == 1 ? key[0] : key.empty() ? "" : "(" + Join(key, ", ") + ")";
}

// "2 rows missing, 1 row with other values", for the record.
std::string Mismatch(const TableVerdict& verdict) {
  std::vector<std::string> parts;
  const auto add = [&](std::int64_t count, const char* what) {
    if (count > 0) parts.push_back(GroupDigits(count) + " " + what);
  };
  add(verdict.missing.count, "missing");
  add(verdict.extra.count, "not at the source");
  add(verdict.doubled.count, "doubled");
  add(verdict.changed.count, "with other values");
  add(std::abs(verdict.miscounted), "miscounted");
  return Join(parts, ", ");
}

class TableCheck {
 public:
  TableCheck(const VerifyContext& context, Session& session, const SourceTable& table)
      : context_(context), session_(session), table_(table), started_(MonotonicSeconds()) {}

  /// `again` are ranges that come first: what was just repaired.
  Result<TableVerdict> Run(double budget_s, const std::set<std::size_t>& again) {
    verdict_.table = table_.name;
    TRY(side_, VerifySide::Open(context_, table_));
    verdict_.key_name = KeyName(side_->plan().table.primary_key);
    TRY_STATUS(ReadKnown());
    if (!side_->reason().empty()) return NotVerified(side_->reason());
    TRY(const Watermark watermark, session_.ReadWatermark());
    if (watermark.now < side_->state().complete_through) {
      return NotVerified("the source is behind the last sync: a reader that lags, or another copy");
    }
    TRY_STATUS(session_.BeginSnapshot());
    const Status compared = Compare(budget_s, again);
    if (!compared && !session_.lost()) (void)session_.EndSnapshot();
    TRY_STATUS(compared);
    TRY_STATUS(session_.EndSnapshot());
    TRY_STATUS(side_->End());
    TRY_STATUS(Record());
    verdict_.seconds = MonotonicSeconds() - started_;
    return verdict_;
  }

  /// Puts right what Run found, when that can be done by key. True when something was.
  Result<bool> Repair() {
    if (!repair_) return false;
    TRY(const Loaded loaded, *repair_);
    TRY_STATUS(WriteRepair(context_, *side_, loaded));
    return true;
  }

  const std::set<std::size_t>& bad_ranges() const { return bad_; }

 private:
  Status Compare(double budget_s, const std::set<std::size_t>& again) {
    read_at_ = context_.clock.Now();
    for (const std::string& column : Excluded()) verdict_.not_compared.push_back(column);
    if (side_->has_key()) {
      TRY_STATUS(CompareKeys());
      TRY_STATUS(CompareRanges(budget_s, again));
      TRY_STATUS(Name());
    } else {
      TRY_STATUS(CompareWhole());
    }
    if (is_comparable_) Decide();
    const bool repairs = context_.options.repair && side_->has_key() && side_->has_cursor() &&
                         verdict_.status == VerifyStatus::kDiffers;
    if (repairs) repair_ = ReadRepair(context_, session_, *side_, verdict_);
    return {};
  }

  std::vector<std::string> Excluded() const {
    const auto config = context_.source.tables.find(table_.name);
    if (config == context_.source.tables.end()) return {};
    return config->second.exclude;
  }

  Result<TableVerdict> NotVerified(const std::string& why) {
    verdict_.status = VerifyStatus::kNotVerified;
    verdict_.note = why;
    const bool helps = side_->has_cursor() || side_->state().mode == "full";
    if (helps) verdict_.hint = "kura sync " + verdict_.table;
    verdict_.seconds = MonotonicSeconds() - started_;
    return verdict_;
  }

  // What earlier verifications found, less what a whole copy has replaced since.
  Status ReadKnown() {
    warehouse::Connection& connection = side_->connection();
    TRY(const auto all, warehouse::ReadVerifications(connection, context_.source.name));
    for (const warehouse::Verification& one : all) {
      if (one.table == table_.name) known_ = one;
    }
    TRY(const Micros copied_at,
        warehouse::ReadLastWholeCopy(connection, context_.source.name, table_.name));
    verdict_.verified_through = known_.verified_through;
    // A whole copy may even have another key. A record that cannot be read is of no use.
    if (known_.ranges_json.empty() || copied_at >= known_.checked_at) return {};
    auto ranges = ReadVerifiedRangesJson(known_.ranges_json);
    if (ranges) ranges_ = *std::move(ranges);
    return {};
  }

  Status CompareKeys() {
    Report("reading", 0);
    const double begin = MonotonicSeconds();
    TRY_STATUS(side_->Load(session_, side_->Keys(), sql::kComparedKeys).map([](auto) {}));
    verdict_.keys_seconds = MonotonicSeconds() - begin;
    if (side_->has_cursor()) {
      ReadRequest recent = side_->Keys();
      const TablePlan& plan = side_->plan();
      recent.cursor = plan.cursor;
      TRY(const Micros since, EarliestWallClock(plan.since, plan.cursor_clock, plan.zone));
      recent.since_text = CursorText(since);
      TRY(const Loaded loaded, side_->Load(session_, recent, sql::kRecentKeys));
      verdict_.recent = loaded.rows;
    }
    const sql::ComparisonText& text = side_->text();
    TRY_STATUS(side_->Execute(text.FindMissing()));
    TRY_STATUS(side_->Execute(text.FindExtra()));
    TRY(const auto counts, side_->Numbers(text.CountKeys(), 4));
    TRY_STATUS(Account(counts[0], counts[1], counts[2], counts[3]));
    return {};
  }

  // What the numbers of rows say beyond the keys. `absent` keys of the source are not here; the
  // recent ones among them are not expected to be.
  Status Account(std::int64_t rows, std::int64_t keys, std::int64_t absent, std::int64_t recent) {
    source_rows_ = keys;
    TRY_STATUS(ReadCounts());
    const std::int64_t extra = verdict_.extra.count;
    const std::int64_t surplus = (rows - extra) - (keys - absent);
    if (surplus > 0) {
      TRY_STATUS(side_->Execute(side_->text().FindDoubled()));
      TRY_STATUS(ReadCounts());
    }
    verdict_.source_rows = keys - recent;
    verdict_.rows = rows;
    // At the last sync there were as many rows here as at the source.
    const std::int64_t unexplained =
        rows - std::max<std::int64_t>(0, surplus) + verdict_.missing.count - side_->state().rows;
    miscount_ = rows - side_->state().rows;
    if (!side_->has_cursor()) return {};
    if (unexplained < 0) verdict_.miscounted = unexplained;
    if (surplus < 0) verdict_.miscounted += surplus;
    if (extra > 0 && unexplained <= 0) {
      verdict_.gone = extra;
      verdict_.rows -= extra;
      verdict_.extra = {};
    }
    return {};
  }

  Status ReadCounts() {
    TRY(const auto rows, side_->Query(side_->text().CountDiffering()));
    for (const auto& row : rows) {
      const auto* count = std::get_if<std::int64_t>(&row[1]);
      FoundRows* found = FoundOf(TextOf(row[0]));
      if (found != nullptr && count != nullptr) found->count = *count;
    }
    if (verdict_.gone > 0) verdict_.extra.count = 0;
    return {};
  }

  FoundRows* FoundOf(std::string_view kind) {
    if (kind == sql::kMissing) return &verdict_.missing;
    if (kind == sql::kExtra) return &verdict_.extra;
    if (kind == sql::kDoubled) return &verdict_.doubled;
    return kind == sql::kChanged ? &verdict_.changed : nullptr;
  }

  Status Name() {
    for (const std::string_view kind : {sql::kMissing, sql::kExtra, sql::kDoubled, sql::kChanged}) {
      FoundRows* found = FoundOf(kind);
      if (found->count == 0) continue;
      TRY(const auto rows, side_->Query(side_->text().ShowDiffering(kind, kShownMax)));
      for (const auto& row : rows) {
        const std::string columns = TextOf(row[1]);
        found->keys.push_back(TextOf(row[0]) + (columns.empty() ? "" : " (" + columns + ")"));
      }
    }
    return {};
  }

  // The ranges of earlier runs, or new ones; a table that cannot be cut is one range.
  Status Cut() {
    if (!NeedsCutting(ranges_, context_.options.range_rows)) return {};
    SourceTable table = side_->plan().table;
    table.rows_expected = source_rows_;
    TRY(auto ranges, session_.SplitKeys(table, context_.options.range_rows));
    if (ranges.empty() && source_rows_ > kWholeMax) {
      ranges_.clear();
      verdict_.note = "values are not compared: the key cannot be cut into ranges";
      return {};
    }
    if (ranges.empty()) ranges.emplace_back();
    ranges_ = CarryOver(ranges_, ranges);
    return {};
  }

  Status CompareRanges(double budget_s, const std::set<std::size_t>& again) {
    const double end = MonotonicSeconds() + budget_s;
    TRY_STATUS(Cut());
    std::vector<std::size_t> order = OldestFirst(ranges_);
    std::stable_partition(
        order.begin(), order.end(), [&](std::size_t index) { return again.count(index) != 0; });
    std::int64_t group_rows = 0;
    std::int64_t read = 0;
    for (const std::size_t index : order) {
      const bool is_due = again.count(index) != 0 || read == 0 || MonotonicSeconds() < end;
      if (!is_due) break;
      if (context_.stop_watch.stopped()) return Fail(Code::kConflict, "stopped");
      ReadRequest request = side_->Rows();
      request.range = ranges_[index].range;
      TRY(const Loaded loaded, side_->Load(session_, request, sql::kComparedRows));
      ranges_[index].rows = loaded.rows;
      group_.push_back(index);
      group_rows += loaded.rows;
      read += std::max<std::int64_t>(1, loaded.rows);
      Report("reading", read);
      if (group_rows < kGroupRows) continue;
      TRY_STATUS(CompareGroup());
      group_rows = 0;
    }
    TRY_STATUS(CompareGroup());
    const Coverage coverage = CoverageOf(ranges_, source_rows_);
    verdict_.values_share = coverage.share;
    verdict_.values_since = coverage.since;
    return {};
  }

  Status CompareGroup() {
    const sql::ComparisonText& text = side_->text();
    const std::string except =
        Planted("verify-skips-column") ? side_->plan().table.columns.back().name : "";
    const std::int64_t before = verdict_.changed.count;
    TRY_STATUS(side_->Execute(text.CompareRows(except)));
    TRY(const auto compared, side_->Numbers(text.CountCompared(), 1));
    verdict_.values_rows += compared[0];
    TRY_STATUS(side_->Execute(text.ClearRows()));
    TRY_STATUS(ReadCounts());
    const bool equal = verdict_.changed.count == before;
    for (const std::size_t index : group_) {
      ranges_[index].verified_at = equal ? read_at_ : 0;
      if (!equal) bad_.insert(index);
    }
    group_.clear();
    return {};
  }

  // A table without a key: rows as they are, and how often.
  Status CompareWhole() {
    const std::int64_t expected = std::max(side_->state().rows, table_.rows_expected);
    if (expected > kWholeMax) {
      verdict_.note = "no primary key, and too large to compare as a whole (" +
                      GroupDigits(expected) + " rows)";
      is_comparable_ = false;
      return {};
    }
    Report("reading", 0);
    TRY(const Loaded loaded, side_->Load(session_, side_->Rows(), sql::kComparedRows));
    TRY(const auto rows, side_->Numbers(side_->text().CountRows(), 1));
    TRY(const auto counts, side_->Numbers(side_->text().CompareWhole(), 2));
    verdict_.extra.count = counts[0];
    verdict_.missing.count = counts[1];
    verdict_.source_rows = loaded.rows;
    verdict_.rows = rows[0];
    verdict_.values_rows = loaded.rows;
    miscount_ = rows[0] - side_->state().rows;
    if (counts[0] + counts[1] > 0) return {};
    verdict_.values_share = 1;
    verdict_.values_since = read_at_;
    return {};
  }

  void Decide() {
    if (Mismatch(verdict_).empty()) {
      verdict_.status = VerifyStatus::kEqual;
      return;
    }
    // Without a cursor every difference may be a change since the copy, but for these.
    const bool is_certain = side_->has_cursor() || miscount_ != 0 || verdict_.doubled.count > 0;
    verdict_.status = is_certain ? VerifyStatus::kDiffers : VerifyStatus::kUndecided;
    if (is_certain) return;
    verdict_.note = "the source may have changed since the table was copied";
    verdict_.hint = "kura sync " + verdict_.table + ", then kura verify " + verdict_.table;
  }

  Status Record() {
    if (verdict_.status == VerifyStatus::kNotVerified) return {};
    const bool keys_equal = verdict_.status == VerifyStatus::kEqual ||
                            (verdict_.status == VerifyStatus::kDiffers &&
                             verdict_.missing.count + verdict_.extra.count +
                                     verdict_.doubled.count + std::abs(verdict_.miscounted) ==
                                 0);
    if (keys_equal) verdict_.verified_through = side_->state().complete_through;
    known_.source = context_.source.name;
    known_.table = table_.name;
    known_.checked_at = read_at_;
    known_.status = VerifyStatusName(verdict_.status);
    known_.verified_through = verdict_.verified_through;
    known_.values_share = verdict_.values_share;
    known_.values_since = verdict_.values_since;
    known_.ranges_json = VerifiedRangesJson(ranges_);
    if (verdict_.status == VerifyStatus::kDiffers) {
      known_.mismatch_at = read_at_;
      known_.mismatch = Mismatch(verdict_);
    }
    return warehouse::WriteVerification(side_->connection(), known_);
  }

  void Report(const std::string& state, std::int64_t rows) const {
    if (!context_.options.on_progress) return;
    const double seconds = MonotonicSeconds() - started_;
    const double rate = seconds > 0 ? static_cast<double>(rows) / seconds : 0;
    context_.options.on_progress({table_.name, "verify", state, rows, 0, rate});
  }

  const VerifyContext& context_;
  Session& session_;
  const SourceTable& table_;
  const double started_;
  std::unique_ptr<VerifySide> side_;
  warehouse::Verification known_;
  std::vector<VerifiedRange> ranges_;
  std::vector<std::size_t> group_;  // read and not yet compared
  std::set<std::size_t> bad_;
  Micros read_at_ = 0;
  std::int64_t source_rows_ = 0;
  std::int64_t miscount_ = 0;  // rows here less those that the last sync wrote
  bool is_comparable_ = true;
  std::optional<Result<Loaded>> repair_;
  TableVerdict verdict_;
};

std::int64_t DifferingKeys(const TableVerdict& verdict) {
  return verdict.missing.count + verdict.extra.count + verdict.doubled.count +
         verdict.changed.count;
}

}  // namespace

Result<TableVerdict> VerifyTable(const VerifyContext& context, Session& session,
                                 const SourceTable& table, double budget_s) {
  TableCheck check(context, session, table);
  TRY(TableVerdict verdict, check.Run(budget_s, {}));
  const Result<bool> repaired = check.Repair();
  if (!repaired) verdict.error = repaired.error();
  if (!repaired || !*repaired) return verdict;
  TableCheck again(context, session, table);
  const std::int64_t count = DifferingKeys(verdict);
  TRY(verdict, again.Run(budget_s, check.bad_ranges()));
  verdict.repaired = count;
  return verdict;
}

}  // namespace kura::sync
