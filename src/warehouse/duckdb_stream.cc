// A stream over DuckDB's pending and streaming results: memory is bounded by its buffer.
#include "warehouse/duckdb_stream.h"

namespace kura::warehouse {
namespace {

constexpr const char* kOnlySelect = "only one SELECT may be asked here";

tl::unexpected<Error> MapText(const char* text) {
  return tl::make_unexpected(MapError(text == nullptr ? "" : text));
}

}  // namespace

Result<PreparedHandle> PrepareSelect(duckdb_connection connection, const std::string& sql) {
  StatementsHandle statements;
  const idx_t count = duckdb_extract_statements(connection, sql.c_str(), statements.out());
  if (count == 0) {
    const char* text = duckdb_extract_statements_error(statements.get());
    if (text != nullptr) return MapText(text);
    return Fail(Code::kInvalid, "the statement is empty");
  }
  if (count > 1) return Fail(Code::kInvalid, "{}, not {} statements", kOnlySelect, count);
  PreparedHandle prepared;
  if (duckdb_prepare_extracted_statement(connection, statements.get(), 0, prepared.out()) !=
      DuckDBSuccess) {
    return MapText(duckdb_prepare_error(prepared.get()));
  }
  if (duckdb_prepared_statement_type(prepared.get()) != DUCKDB_STATEMENT_TYPE_SELECT) {
    return Fail(Code::kInvalid, "{}, not a statement that changes something", kOnlySelect);
  }
  return prepared;
}

DuckDbStream::DuckDbStream(duckdb_connection connection, PreparedHandle prepared)
    : connection_(connection), prepared_(std::move(prepared)) {}

DuckDbStream::~DuckDbStream() {
  if (watchdog_ != nullptr) watchdog_->Remove(deadline_);
}

Result<std::unique_ptr<DuckDbStream>> DuckDbStream::Start(duckdb_connection connection,
                                                          PreparedHandle prepared) {
  auto stream = std::make_unique<DuckDbStream>(connection, std::move(prepared));
  const idx_t count = duckdb_prepared_statement_column_count(stream->prepared_.get());
  for (idx_t i = 0; i < count; ++i) {
    const TypeHandle type(
        duckdb_prepared_statement_column_logical_type(stream->prepared_.get(), i));
    stream->shapes_.push_back(ShapeOf(type.get()));
    auto* name =
        const_cast<char*>(duckdb_prepared_statement_column_name(stream->prepared_.get(), i));
    stream->columns_.push_back({TakeText(name), stream->shapes_.back().type});
  }
  stream->data_.resize(count);
  stream->validity_.resize(count);
  if (duckdb_pending_prepared_streaming(stream->prepared_.get(), stream->pending_.out()) !=
      DuckDBSuccess) {
    return MapText(duckdb_pending_error(stream->pending_.get()));
  }
  return stream;
}

void DuckDbStream::Limit(Watchdog* watchdog, double seconds) {
  watchdog_ = watchdog;
  timeout_s_ = seconds;
  deadline_ = watchdog->Add(seconds, [this] {
    timed_out_ = true;
    duckdb_interrupt(connection_);
  });
}

void DuckDbStream::Cancel() {
  cancelled_ = true;
  duckdb_interrupt(connection_);
}

Result<bool> DuckDbStream::Next(std::vector<Value>* row) {
  if (row_ == chunk_rows_) {
    TRY(const bool more, FetchChunk());
    if (!more) return false;
  }
  row->resize(shapes_.size());
  for (std::size_t i = 0; i < shapes_.size(); ++i) {
    const std::uint64_t* validity = validity_[i];
    const bool is_null = validity != nullptr && (validity[row_ / 64] >> (row_ % 64) & 1) == 0;
    if (is_null || shapes_[i].id == DUCKDB_TYPE_SQLNULL) {
      (*row)[i] = std::monostate();
    } else {
      ReadCell(shapes_[i], data_[i], row_, &(*row)[i]);
    }
  }
  ++row_;
  return true;
}

Result<bool> DuckDbStream::FetchChunk() {
  if (finished_) return false;
  if (cancelled_ || timed_out_) return Failed("");
  if (!executed_) TRY_STATUS(Execute());
  do {
    chunk_ = ChunkHandle(duckdb_fetch_chunk(*result_.out()));
    if (chunk_.get() == nullptr) {
      const char* text = duckdb_result_error(result_.out());
      if (text != nullptr && *text != '\0') return Failed(text);
      if (cancelled_ || timed_out_) return Failed("");
      finished_ = true;
      return false;
    }
    chunk_rows_ = duckdb_data_chunk_get_size(chunk_.get());
  } while (chunk_rows_ == 0);
  row_ = 0;
  for (std::size_t i = 0; i < shapes_.size(); ++i) {
    duckdb_vector vector = duckdb_data_chunk_get_vector(chunk_.get(), i);
    data_[i] = duckdb_vector_get_data(vector);
    validity_[i] = duckdb_vector_get_validity(vector);
  }
  return true;
}

Status DuckDbStream::Execute() {
  executed_ = true;
  if (duckdb_execute_pending(pending_.get(), result_.out()) == DuckDBSuccess) return {};
  const char* text = duckdb_result_error(result_.out());
  return Failed(text == nullptr ? duckdb_pending_error(pending_.get()) : text);
}

// The reason that counts is ours when we interrupted; rows already fetched are not shown any more.
tl::unexpected<Error> DuckDbStream::Failed(const char* text) {
  finished_ = true;
  row_ = chunk_rows_ = 0;
  if (cancelled_) return Fail(Code::kConflict, "cancelled");
  if (timed_out_) {
    return FailWithHint(Code::kConflict,
                        fmt::format("stopped after {} s, the limit", timeout_s_),
                        "ask for less, or raise limits.timeout_s in kura.yaml");
  }
  return MapText(text);
}

}  // namespace kura::warehouse
