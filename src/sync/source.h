// sync/source.h: the edge to a database that is copied: what it holds, how far its changes are
// complete, and rows of one snapshot as typed batches. MySQL implements it; tests may fake it.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "sql/type.h"
#include "warehouse/batch.h"
#include "warehouse/warehouse.h"

namespace kura::sync {

class Mask;  // mask.h

/// What a source's time column means.
enum class ClockKind { kNone, kInstant, kWallClock };

/// One column that is copied.
struct SourceColumn {
  std::string name;
  sql::Type type;           // in the warehouse
  std::string source_type;  // as the source spells it: "bigint(20) unsigned"
  std::string comment;
  bool nullable = true;
  ClockKind clock = ClockKind::kNone;
  std::string charset = "";  // of a text that is kept in another one than UTF-8: "cp932"
  std::string read_as = "";  // a choice: the bytes are of this set, whatever is declared
  std::shared_ptr<const Mask> mask = nullptr;  // what its values become before they land
};

/// One table of the source.
struct SourceTable {
  std::string name;
  std::string comment;
  std::vector<SourceColumn> columns;
  std::vector<std::string> primary_key;      // empty: none that identifies a row
  std::vector<std::string> indexed_columns;  // columns that begin an index
  std::int64_t rows_expected = 0;            // the source's estimate
  std::string where;                         // rows that are copied, in the source's SQL; "" = all
  std::string where_place;                   // where that is written: "kura.yaml:9:14"
  bool keeps_deleted = false;                // rows that vanish stay, with _deleted_at
  bool keeps_history = false;                // every version of a row stays, in its history
  std::vector<std::string> excluded = {};    // columns of the source that are not copied by choice

  const SourceColumn* Find(std::string_view column) const;
  /// Whether the key lands masked: then no row can be asked for by what the warehouse knows of it.
  bool has_masked_key() const;
};

/// How far the source's changes are complete.
struct Watermark {
  Micros complete_through = 0;   // each change that is not yet visible gets a later stamp
  Micros now = 0;                // the source's clock
  bool proven = true;            // false: open transactions could not be seen
  std::string unproven_because;  // what to say then: the reason, and what would prove it
  std::string held_by;           // what holds it back, when that is long
};

/// Values of one column that the warehouse cannot represent, found while reading.
struct CoercedColumn {
  std::size_t column = 0;  // index in ReadRequest::columns
  std::string reason;      // "zero_date", "partial_date", "invalid_date", "invalid_utf8", …
  std::int64_t count = 0;
  std::vector<std::string> sample_keys;
};

/// Rows whose key is from `lower` on and below `upper`, one literal per key column in the source's
/// own notation; an empty side is open.
struct KeyRange {
  std::vector<std::string> lower;
  std::vector<std::string> upper;
  bool operator==(const KeyRange&) const = default;
};

/// Which rows to read: all of a range or of some keys, or those whose `cursor` is not earlier than
/// `since_text` or says nothing.
struct ReadRequest {
  const SourceTable* table = nullptr;
  std::vector<std::string> columns;
  KeyRange range;
  std::vector<std::vector<warehouse::Value>> keys;  // not empty: these rows only
  std::string cursor;                               // empty: all rows
  std::string since_text;  // a wall clock of the cursor column: "2026-11-25 04:34:10.000000"
};

/// Rows of a running read. Not shared between threads.
class BatchReader {
 public:
  virtual ~BatchReader() = default;
  /// Refills `batch` with up to kBatchRows rows; false at the end, with `batch` empty.
  /// Errors: kUnavailable (connection lost), kDenied, kConflict (interrupted, or the table changed
  /// since it was described).
  virtual Result<bool> Next(warehouse::Batch* batch) = 0;
  /// What could not be represented so far.
  virtual std::vector<CoercedColumn> Coerced() const = 0;
};

/// One connection to a source. Not shared between threads, except Interrupt.
class Session {
 public:
  virtual ~Session() = default;
  /// Describes every base table. Errors: kUnavailable, kInvalid.
  virtual Result<std::vector<SourceTable>> ReadTables() = 0;
  /// Reads the safe watermark; call it before BeginSnapshot. Errors: kUnavailable.
  virtual Result<Watermark> ReadWatermark() = 0;
  /// Cuts the table into ranges of about `rows` rows by its primary key, together every row; none
  /// when it has no key to cut by. Errors: kUnavailable, kDenied.
  virtual Result<std::vector<KeyRange>> SplitKeys(const SourceTable& table, std::int64_t rows) = 0;
  /// The greatest value of an integer key that is committed now, as text; "" without rows. Errors:
  /// kUnavailable, kDenied.
  virtual Result<std::string> ReadGreatestKey(const SourceTable& table) = 0;
  /// Starts a read-only snapshot that later reads see, until EndSnapshot.
  virtual Status BeginSnapshot() = 0;
  virtual Status EndSnapshot() = 0;
  /// Starts a read. The session can do nothing else until it ends.
  virtual Result<std::unique_ptr<BatchReader>> Read(const ReadRequest& request) = 0;
  /// Makes a running call fail soon, from any thread; the session is then of no more use.
  virtual void Interrupt() = 0;
  /// Tells whether a call failed because the connection was lost: a new session may succeed.
  virtual bool lost() const = 0;
};

/// A database that can be copied. Shared between threads.
class Source {
 public:
  virtual ~Source() = default;
  /// Errors: kDenied, kUnavailable, kNotFound (no such database), kInvalid (configuration).
  virtual Result<std::unique_ptr<Session>> Connect() = 0;
  /// For people: "mariadb 10.11.14, 127.0.0.1:3306"; known after the first Connect.
  virtual std::string description() const = 0;
  /// Which server this is, so that another one behind the same name is noticed; as above.
  virtual std::string server_id() const = 0;
};

}  // namespace kura::sync
