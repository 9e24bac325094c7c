// execute/execute.h: the one function that runs a question (invariant 4): compile → warehouse →
// typed rows with freshness and proof. CLI, API and alerts come through here.
#pragma once
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "base/result.h"
#include "query/compile.h"
#include "warehouse/warehouse.h"

namespace kura::execute {

/// What questions run against: one immutable snapshot of the model and the warehouse's catalogue.
struct Snapshot {
  std::shared_ptr<const lookml::Project> project;
  std::shared_ptr<const sql::Catalogue> catalogue;
  warehouse::Warehouse* warehouse = nullptr;
  std::string timezone = "UTC";
  int row_limit = 5000;
  double timeout_s = 60;
  std::size_t model_errors = 0;  // for the status page: what the validator found
};

/// How far the data of a question reaches (DESIGN §11.2), in UTC.
struct Freshness {
  struct Table {
    std::string table;
    Micros complete_through = 0;
    Micros read_at = 0;
  };
  std::optional<Micros> complete_through;  // empty when no synced table is read
  std::optional<Micros> read_at;
  std::vector<Table> tables;
};

/// The rows of a question with everything that makes them trustworthy.
struct Answer {
  query::Compiled compiled;
  std::vector<warehouse::ResultColumn> types;  // one per compiled.columns
  std::vector<std::vector<warehouse::Value>> rows;
  std::vector<query::Completeness> row_states;  // one per row; measures of the row have this state
  Freshness freshness;
  bool truncated = false;  // the server's limit cut it
  double runtime_s = 0;
};

/// Lets another thread stop a question, before it runs or while it does.
class CancelToken {
 public:
  /// From any thread, any number of times.
  void Cancel();
  bool cancelled() const;

  /// While it lives, Cancel reaches `stream`.
  class Scope {
   public:
    Scope(CancelToken* token, warehouse::RowStream* stream);
    ~Scope();
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    CancelToken* token_;
  };

 private:
  mutable std::mutex mutex_;
  bool cancelled_ = false;
  warehouse::RowStream* stream_ = nullptr;
};

struct RunInput {
  query::Query query;
  query::AccessContext access;
  Micros now = 0;
  CancelToken* cancel = nullptr;  // may be null
};

/// Runs one question in one warehouse snapshot. Mistakes of the question go to `diagnostics` and
/// give Code::kInvalid with the first message. Errors: kConflict (timeout, cancelled),
/// kUnavailable.
Result<Answer> Run(const Snapshot& snapshot, const RunInput& input, Diagnostics& diagnostics);

/// What compiling a question of this snapshot needs.
query::CompileInput ToCompileInput(const Snapshot& snapshot, const RunInput& input);

/// Compiles only.
std::optional<query::Compiled> CompileOnly(const Snapshot& snapshot, const RunInput& input,
                                           Diagnostics& diagnostics);

}  // namespace kura::execute
