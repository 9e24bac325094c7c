// warehouse/duckdb_handle.h: DuckDB's C objects as values that are destroyed once, and its error
// texts as our errors. Only the duckdb_*.cc files include this.
#pragma once
#include <duckdb.h>

#include <initializer_list>  // duckdb.h of 1.5.6 uses it without including it.
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace kura::warehouse {

/// Owns a C object; moved, never copied. DuckDB's destroy functions accept an empty handle.
template <typename T, void (*Destroy)(T*)>
class Handle {
 public:
  Handle() = default;
  explicit Handle(T raw) : raw_(raw) {}
  Handle(Handle&& other) noexcept : raw_(std::exchange(other.raw_, T{})) {}
  Handle& operator=(Handle&& other) noexcept {
    if (this != &other) {
      Destroy(&raw_);
      raw_ = std::exchange(other.raw_, T{});
    }
    return *this;
  }
  ~Handle() { Destroy(&raw_); }

  T get() const { return raw_; }
  T* out() { return &raw_; }

 private:
  T raw_{};
};

using DatabaseHandle = Handle<duckdb_database, duckdb_close>;
using ConnectionHandle = Handle<duckdb_connection, duckdb_disconnect>;
using ConfigHandle = Handle<duckdb_config, duckdb_destroy_config>;
using PreparedHandle = Handle<duckdb_prepared_statement, duckdb_destroy_prepare>;
using StatementsHandle = Handle<duckdb_extracted_statements, duckdb_destroy_extracted>;
using PendingHandle = Handle<duckdb_pending_result, duckdb_destroy_pending>;
using ResultHandle = Handle<duckdb_result, duckdb_destroy_result>;
using ChunkHandle = Handle<duckdb_data_chunk, duckdb_destroy_data_chunk>;
using TypeHandle = Handle<duckdb_logical_type, duckdb_destroy_logical_type>;

/// Takes over a text that DuckDB allocated; a null becomes "".
std::string TakeText(char* text);

/// Turns DuckDB's words ("Binder Error: …") into an Error whose code says what a caller can do.
/// After a FATAL or INTERNAL error the outcome is unknown: kUnavailable, reopen (DESIGN §11.9).
Error MapError(std::string_view text);

/// Runs one text of statements and drops what it returns.
Status RunStatements(duckdb_connection connection, const std::string& sql);

}  // namespace kura::warehouse
