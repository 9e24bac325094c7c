// Compile, run in one transaction, collect, and say how far the data reaches.
#include "execute/execute.h"

#include <algorithm>

#include "base/clock.h"

namespace kura::execute {
namespace {

// The times of the tables a question reads; the least of those that carry measures and time axis.
Freshness ReadFreshness(const Snapshot& snapshot, const query::Compiled& compiled) {
  Freshness freshness;
  for (const std::string& name : compiled.tables) {
    const sql::CatalogueTable* table =
        snapshot.catalogue ? snapshot.catalogue->Find(name) : nullptr;
    if (table == nullptr || !table->times) continue;
    freshness.tables.push_back({name, table->times->complete_through, table->times->read_at});
    const bool counts =
        std::find(compiled.freshness_tables.begin(), compiled.freshness_tables.end(), name) !=
        compiled.freshness_tables.end();
    if (!counts) continue;
    const auto least = [](const std::optional<Micros>& now, Micros other) {
      return now ? std::min(*now, other) : other;
    };
    freshness.complete_through = least(freshness.complete_through, table->times->complete_through);
    freshness.read_at = least(freshness.read_at, table->times->read_at);
  }
  return freshness;
}

query::Completeness StateOf(const query::Compiled& compiled,
                            const std::vector<warehouse::Value>& row) {
  if (!compiled.time_axis) return query::Completeness::kComplete;
  const auto* text = std::get_if<std::string>(&row[*compiled.time_axis]);
  return text ? query::CompletenessOf(compiled, *text) : query::Completeness::kComplete;
}

// Fetches rows until the end or the server's limit.
Status Collect(warehouse::RowStream& stream, std::size_t row_limit, Answer* answer) {
  for (std::vector<warehouse::Value> row;;) {
    TRY(const bool more, stream.Next(&row));
    if (!more) return {};
    if (answer->rows.size() == row_limit) {
      answer->truncated = true;
      return {};
    }
    answer->row_states.push_back(StateOf(answer->compiled, row));
    answer->rows.push_back(row);
  }
}

// One SELECT is one transaction of the warehouse by itself, and Query runs nothing but a SELECT.
Status RunCompiled(const Snapshot& snapshot, const RunInput& input, Answer* answer) {
  TRY(const std::unique_ptr<warehouse::Connection> connection, snapshot.warehouse->Connect());
  const warehouse::RunLimits limits{snapshot.timeout_s};
  TRY(const std::unique_ptr<warehouse::RowStream> stream,
      connection->Query(answer->compiled.sql, limits));
  const CancelToken::Scope attached(input.cancel, stream.get());
  answer->types = stream->columns();
  return Collect(*stream, static_cast<std::size_t>(snapshot.row_limit), answer);
}

}  // namespace

void CancelToken::Cancel() {
  const std::lock_guard<std::mutex> lock(mutex_);
  cancelled_ = true;
  if (stream_ != nullptr) stream_->Cancel();
}

bool CancelToken::cancelled() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return cancelled_;
}

CancelToken::Scope::Scope(CancelToken* token, warehouse::RowStream* stream) : token_(token) {
  if (token_ == nullptr) return;
  const std::lock_guard<std::mutex> lock(token_->mutex_);
  token_->stream_ = stream;
  if (token_->cancelled_) stream->Cancel();
}

CancelToken::Scope::~Scope() {
  if (token_ == nullptr) return;
  const std::lock_guard<std::mutex> lock(token_->mutex_);
  token_->stream_ = nullptr;
}

query::CompileInput ToCompileInput(const Snapshot& snapshot, const RunInput& input) {
  query::CompileInput compile;
  compile.project = snapshot.project.get();
  compile.catalogue = snapshot.catalogue.get();
  compile.access = input.access;
  compile.now = input.now;
  compile.timezone = snapshot.timezone;
  // One row more than is shown tells that there are more.
  compile.row_limit = snapshot.row_limit + 1;
  return compile;
}

std::optional<query::Compiled> CompileOnly(const Snapshot& snapshot, const RunInput& input,
                                           Diagnostics& diagnostics) {
  return query::Compile(ToCompileInput(snapshot, input), input.query, diagnostics);
}

Result<Answer> Run(const Snapshot& snapshot, const RunInput& input, Diagnostics& diagnostics) {
  const double begin_s = MonotonicSeconds();
  std::optional<query::Compiled> compiled = CompileOnly(snapshot, input, diagnostics);
  if (!compiled) {
    for (const Diagnostic& d : diagnostics.items()) {
      if (d.severity == Severity::kError) {
        return FailWithHint(Code::kInvalid, d.message, d.hint);
      }
    }
    return Fail(Code::kInternal, "the question was refused without a reason");
  }
  if (input.cancel != nullptr && input.cancel->cancelled()) {
    return Fail(Code::kConflict, "the question was cancelled");
  }
  Answer answer;
  answer.compiled = *std::move(compiled);
  TRY_STATUS(RunCompiled(snapshot, input, &answer));
  answer.freshness = ReadFreshness(snapshot, answer.compiled);
  answer.runtime_s = MonotonicSeconds() - begin_s;
  return answer;
}

}  // namespace kura::execute
