// libmariadb hands each value of a row to a callback while it stands in the packet
// (STMT_ATTR_CB_RESULT), which saves the copy into bind buffers and the work per value around it.
#include "sync/mysql_reader.h"

#include "base/text.h"
#include "sync/mysql_decode.h"

namespace kura::sync {
namespace {

// Does the wire carry what the decoding of this column reads? A table that changed after it was
// described must not be read with the old types.
bool WireFits(Decode decode, enum_field_types wire) {
  switch (decode) {
    case Decode::kInt8:
      return wire == MYSQL_TYPE_TINY;
    case Decode::kInt16:
      return wire == MYSQL_TYPE_SHORT || wire == MYSQL_TYPE_YEAR;
    case Decode::kInt32:
      return wire == MYSQL_TYPE_LONG || wire == MYSQL_TYPE_INT24;
    case Decode::kInt64:
      return wire == MYSQL_TYPE_LONGLONG;
    case Decode::kFloat:
      return wire == MYSQL_TYPE_FLOAT;
    case Decode::kDouble:
      return wire == MYSQL_TYPE_DOUBLE;
    case Decode::kDecimal:
      return wire == MYSQL_TYPE_NEWDECIMAL || wire == MYSQL_TYPE_DECIMAL;
    case Decode::kBit:
    case Decode::kBitBoolean:
      return wire == MYSQL_TYPE_BIT;
    case Decode::kDate:
      return wire == MYSQL_TYPE_DATE || wire == MYSQL_TYPE_NEWDATE;
    case Decode::kTimestamp:
      return wire == MYSQL_TYPE_DATETIME || wire == MYSQL_TYPE_TIMESTAMP;
    case Decode::kInterval:
      return wire == MYSQL_TYPE_TIME;
    case Decode::kText:
    case Decode::kBytes:
      break;
  }
  // Everything else is length-encoded bytes; NEWDECIMAL is what DECIMAL(39…65) sends.
  return wire >= MYSQL_TYPE_JSON || wire == MYSQL_TYPE_VARCHAR;
}

class MysqlReader : public BatchReader {
 public:
  MysqlReader(MysqlConnection& connection, std::vector<SourceColumn> columns,
              std::vector<std::size_t> key_columns)
      : connection_(connection),
        columns_(std::move(columns)),
        decoder_(columns_, std::move(key_columns)) {}

  ~MysqlReader() override {
    if (statement_ == nullptr) return;
    // Closing a statement reads what is left of its result: for a table that is given up half way,
    // cutting the connection is the only quick way.
    if (!ended_) connection_.Interrupt();
    mysql_stmt_close(statement_);
  }
  MysqlReader(const MysqlReader&) = delete;
  MysqlReader& operator=(const MysqlReader&) = delete;

  Status Start(const std::string& select) {
    statement_ = mysql_stmt_init(connection_.raw());
    if (statement_ == nullptr) return Fail(Code::kUnavailable, "no memory for a statement");
    if (mysql_stmt_prepare(statement_, select.data(), select.size()) != 0) return StartError();
    TRY_STATUS(CheckWire());
    mysql_stmt_attr_set(statement_, STMT_ATTR_CB_USER_DATA, this);
    const ps_result_callback callback = &MysqlReader::OnValue;
    mysql_stmt_attr_set(statement_, STMT_ATTR_CB_RESULT, reinterpret_cast<const void*>(callback));
    if (mysql_stmt_execute(statement_) != 0) return StartError();
    return {};
  }

  Result<bool> Next(warehouse::Batch* batch) override {
    decoder_.Begin(batch);
    while (!ended_ && !decoder_.full()) {
      const int fetched = mysql_stmt_fetch(statement_);
      if (fetched == MYSQL_NO_DATA) {
        ended_ = true;
      } else if (fetched != 0) {
        return tl::make_unexpected(FetchError());
      } else {
        decoder_.EndRow();
      }
    }
    decoder_.End();
    return batch->rows > 0;
  }

  std::vector<CoercedColumn> Coerced() const override { return decoder_.Coerced(); }

 private:
  static void OnValue(void* self, unsigned column, unsigned char** wire) {
    RowDecoder& decoder = static_cast<MysqlReader*>(self)->decoder_;
    if (wire == nullptr) return decoder.Null(column);
    // libmariadb declares the row writable, and takes back where the value ended.
    *wire += decoder.Value(column, *wire) - *wire;
  }

  // A lost connection is noted on the connection, not on the statement.
  Error FetchError() {
    if (mysql_stmt_errno(statement_) == 0) return connection_.LastError();
    return connection_.Failure(mysql_stmt_errno(statement_), mysql_stmt_error(statement_));
  }

  Status StartError() {
    ended_ = true;  // There is no result that closing would wait for.
    return tl::make_unexpected(FetchError());
  }

  Status CheckWire() {
    MYSQL_RES* metadata = mysql_stmt_result_metadata(statement_);
    if (metadata == nullptr) return StartError();
    Status fits;
    for (std::size_t i = 0; i < columns_.size() && fits; ++i) {
      const MYSQL_FIELD* field = mysql_fetch_field_direct(metadata, static_cast<unsigned>(i));
      if (WireFits(DecodeFor(columns_[i].type, columns_[i].source_type), field->type)) continue;
      fits = FailWithHint(Code::kConflict,
                          fmt::format("column '{}' is no longer {} (wire type {})",
                                      columns_[i].name,
                                      columns_[i].source_type,
                                      static_cast<int>(field->type)),
                          "the table changed while it was read: run again");
    }
    mysql_free_result(metadata);
    if (!fits) ended_ = true;
    return fits;
  }

  MysqlConnection& connection_;
  std::vector<SourceColumn> columns_;
  RowDecoder decoder_;
  MYSQL_STMT* statement_ = nullptr;
  bool ended_ = false;
};

}  // namespace

Result<std::unique_ptr<BatchReader>> OpenMysqlReader(MysqlConnection& connection,
                                                     const ReadRequest& request,
                                                     const std::string& select) {
  std::vector<SourceColumn> columns;
  std::vector<std::size_t> keys;
  for (const std::string& name : request.columns) {
    const SourceColumn* column = request.table->Find(name);
    if (column == nullptr) return Fail(Code::kInvalid, "there is no column '{}'", name);
    for (const std::string& key : request.table->primary_key) {
      if (EqualsIgnoreCase(key, name)) keys.push_back(columns.size());
    }
    columns.push_back(*column);
  }
  auto reader = std::make_unique<MysqlReader>(connection, std::move(columns), std::move(keys));
  TRY_STATUS(reader->Start(select));
  return std::unique_ptr<BatchReader>(std::move(reader));
}

}  // namespace kura::sync
