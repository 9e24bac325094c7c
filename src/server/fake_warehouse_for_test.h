// server/fake_warehouse_for_test.h: for tests: a warehouse that answers every statement with the
// same rows, counts them, and can be held, failed and cancelled at will.
#pragma once
#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "warehouse/warehouse.h"

namespace kura::server {

/// What all connections of a fake share.
struct FakeState {
  std::mutex mutex;
  std::condition_variable changed;
  bool held = false;  // statements wait in Next
  std::optional<Error> error;
  std::vector<warehouse::ResultColumn> columns;
  std::vector<std::vector<warehouse::Value>> rows;
  std::atomic<int> statements = 0;
  std::atomic<int> cancelled = 0;

  void Hold() { held = true; }
  void Release() {
    const std::scoped_lock lock(mutex);
    held = false;
    changed.notify_all();
  }
};

class FakeStream : public warehouse::RowStream {
 public:
  explicit FakeStream(FakeState& state) : state_(state) {}
  const std::vector<warehouse::ResultColumn>& columns() const override { return state_.columns; }
  Result<bool> Next(std::vector<warehouse::Value>* row) override {
    std::unique_lock lock(state_.mutex);
    state_.changed.wait(lock, [this] { return !state_.held || stopped_; });
    if (stopped_) return Fail(Code::kConflict, "the statement was cancelled");
    if (state_.error) return tl::make_unexpected(*state_.error);
    if (at_ == state_.rows.size()) return false;
    *row = state_.rows[at_++];
    return true;
  }
  void Cancel() override {
    const std::scoped_lock lock(state_.mutex);
    stopped_ = true;
    ++state_.cancelled;
    state_.changed.notify_all();
  }

 private:
  FakeState& state_;
  std::size_t at_ = 0;
  bool stopped_ = false;
};

class FakeConnection : public warehouse::Connection {
 public:
  explicit FakeConnection(FakeState& state) : state_(state) {}
  Result<std::unique_ptr<warehouse::RowStream>> Query(const std::string&,
                                                      const warehouse::RunLimits&) override {
    ++state_.statements;
    return std::unique_ptr<warehouse::RowStream>(std::make_unique<FakeStream>(state_));
  }
  Status Execute(const std::string&) override { return Fail(Code::kInvalid, "not in a fake"); }
  Result<std::unique_ptr<warehouse::Loader>> Load(const std::string&, const std::string&) override {
    return Fail(Code::kInvalid, "not in a fake");
  }

 private:
  FakeState& state_;
};

class FakeWarehouse : public warehouse::Warehouse {
 public:
  Result<std::unique_ptr<warehouse::Connection>> Connect() override {
    return std::unique_ptr<warehouse::Connection>(std::make_unique<FakeConnection>(state));
  }
  Result<sql::Catalogue> ReadCatalogue() override { return sql::Catalogue{}; }

  FakeState state;
};

}  // namespace kura::server
