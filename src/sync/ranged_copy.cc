// A range is one read snapshot at the source and one transaction in the warehouse.
#include "sync/ranged_copy.h"

#include "sync/load.h"

namespace kura::sync {

RangedCopy::RangedCopy(const TablePlan& plan, TableSpool& spool, const Copy& copy, Hooks hooks)
    : plan_(plan), spool_(spool), ranges_(copy.ranges), hooks_(std::move(hooks)), done_(copy.done) {
  for (std::size_t i = 0; i < ranges_.size(); ++i) {
    if (done_.count(i) == 0) waiting_.insert(i);
  }
}

Status RangedCopy::Run(Session& session) {
  while (true) {
    TRY_STATUS(ReadRanges(session));
    std::unique_lock lock(mutex_);
    // A helper that loses its connection gives its range back, so there may be more to read.
    changed_.wait(lock, [this] { return reading_ == 0 || !waiting_.empty() || failure_; });
    if (failure_) return tl::make_unexpected(*failure_);
    if (waiting_.empty()) return {};
  }
}

Status RangedCopy::Help(Session& session) {
  return ReadRanges(session);
}

bool RangedCopy::wants_help() const {
  const std::scoped_lock lock(mutex_);
  return !waiting_.empty() && !failure_;
}

Status RangedCopy::ReadRanges(Session& session) {
  while (const std::optional<std::size_t> index = Take()) {
    const Result<Loaded> loaded = ReadOne(session, *index);
    if (!loaded) {
      GiveBack(*index, loaded.error(), session.lost());
      return tl::make_unexpected(loaded.error());
    }
    // Durable from here on: whatever fails now, this range must not be read twice.
    Done(*index, {loaded->rows, loaded->coerced});
    if (hooks_.on_step) hooks_.on_step("after_range");
    TRY_STATUS(session.EndSnapshot());
  }
  return {};
}

Result<Loaded> RangedCopy::ReadOne(Session& session, std::size_t index) {
  if (hooks_.stopped()) return Fail(Code::kConflict, "stopped");
  TRY_STATUS(session.BeginSnapshot());
  ReadRequest request;
  request.table = &plan_.table;
  for (const SourceColumn& column : plan_.table.columns) request.columns.push_back(column.name);
  request.range = ranges_[index];
  LoadTarget target;
  target.spool = &spool_;
  target.part = Part::kStage;
  target.range = index;
  target.bytes_in_flight = hooks_.bytes_in_flight;
  target.on_step = hooks_.on_step;
  target.on_rows = [this, index](std::int64_t rows) {
    {
      const std::scoped_lock lock(mutex_);
      rows_reading_[index] = rows;
    }
    hooks_.on_rows(this->rows());
  };
  return LoadRows(session, request, target);
}

std::optional<std::size_t> RangedCopy::Take() {
  const std::scoped_lock lock(mutex_);
  if (waiting_.empty() || failure_) return std::nullopt;
  const std::size_t index = *waiting_.begin();
  waiting_.erase(waiting_.begin());
  ++reading_;
  return index;
}

void RangedCopy::Done(std::size_t index, const CopiedRange& range) {
  const std::scoped_lock lock(mutex_);
  done_[index] = range;
  rows_reading_.erase(index);
  --reading_;
  changed_.notify_all();
}

void RangedCopy::GiveBack(std::size_t index, const Error& error, bool lost) {
  const std::scoped_lock lock(mutex_);
  rows_reading_.erase(index);
  waiting_.insert(index);
  --reading_;
  if (!lost && !failure_) failure_ = error;
  changed_.notify_all();
}

std::int64_t RangedCopy::rows() const {
  const std::scoped_lock lock(mutex_);
  std::int64_t rows = 0;
  for (const auto& [index, range] : done_) rows += range.rows;
  for (const auto& [index, count] : rows_reading_) rows += count;
  return rows;
}

std::vector<CoercedColumn> RangedCopy::coerced() const {
  const std::scoped_lock lock(mutex_);
  std::map<std::pair<std::size_t, std::string>, CoercedColumn> sums;
  for (const auto& [index, range] : done_) {
    for (const CoercedColumn& found : range.coerced) {
      const auto [sum, is_new] = sums.emplace(std::pair(found.column, found.reason), found);
      if (!is_new) sum->second.count += found.count;
    }
  }
  std::vector<CoercedColumn> coerced;
  for (const auto& [where, sum] : sums) coerced.push_back(sum);
  return coerced;
}

}  // namespace kura::sync
