// sync/verify_side.h: the warehouse's side of one table's verification: one connection with one
// transaction, so that a sync that commits meanwhile is not seen, and temporary tables for what is
// read of the source.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "sql/comparison.h"
#include "sync/load.h"
#include "sync/plan.h"
#include "sync/source.h"
#include "sync/stop_watch.h"
#include "sync/verify.h"
#include "warehouse/state.h"
#include "warehouse/warehouse.h"

namespace kura::sync {

/// What the tables of one verification share.
struct VerifyContext {
  const SourceConfig& source;
  warehouse::Warehouse& warehouse;
  const Clock& clock;
  const VerifyOptions& options;
  const StopWatch& stop_watch;
  std::string server_id;
};

/// For one thread.
class VerifySide {
 public:
  /// Begins the transaction, plans the table as a sync would, and makes the temporary tables.
  /// Errors: kNotFound (never synced), kInvalid (kura.yaml), those of the warehouse.
  static Result<std::unique_ptr<VerifySide>> Open(const VerifyContext& context,
                                                  const SourceTable& table);
  explicit VerifySide(std::unique_ptr<warehouse::Connection> connection)
      : connection_(std::move(connection)) {}
  ~VerifySide();
  VerifySide(const VerifySide&) = delete;
  VerifySide& operator=(const VerifySide&) = delete;

  /// Ends the transaction; the temporary tables stay.
  Status End();

  const TablePlan& plan() const { return plan_; }
  const warehouse::TableState& state() const { return state_; }
  const sql::ComparisonText& text() const { return *text_; }
  /// Why the table cannot be compared with the source as it is now; "" when it can.
  const std::string& reason() const { return reason_; }
  bool has_cursor() const { return state_.mode == "incremental"; }
  bool has_key() const { return !plan_.table.primary_key.empty(); }

  /// Reads every column, or the key's.
  ReadRequest Rows() const;
  ReadRequest Keys() const;
  /// Reads `request` into one of the temporary tables, reading and appending at the same time.
  Result<Loaded> Load(Session& session, const ReadRequest& request, std::string_view table);

  warehouse::Connection& connection() { return *connection_; }
  Status Execute(const std::string& sql) { return connection_->Execute(sql); }
  Result<std::vector<std::vector<warehouse::Value>>> Query(const std::string& sql);
  /// One row of `width` numbers.
  Result<std::vector<std::int64_t>> Numbers(const std::string& sql, std::size_t width);

 private:
  Result<std::string> WhyNot(const VerifyContext& context);

  std::unique_ptr<warehouse::Connection> connection_;
  bool open_ = false;
  warehouse::TableState state_;
  TablePlan plan_;
  std::unique_ptr<sql::ComparisonText> text_;
  std::string reason_;
};

}  // namespace kura::sync
