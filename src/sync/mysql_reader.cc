// libmariadb prepares and executes; the rows' packets are read here one by one and decoded where
// they stand, since its own fetch neither tells how long a packet is nor checks the values in it.
#include "sync/mysql_reader.h"

#include <algorithm>

#include "base/text.h"
#include "sync/mask.h"
#include "sync/mysql_decode.h"
#include "sync/mysql_text.h"

namespace kura::sync {
namespace {

constexpr auto kVectorType = static_cast<enum_field_types>(242);  // MySQL 9; not in our headers
constexpr unsigned char kEndOfRows = 0xFE;
constexpr std::size_t kEndOfRowsMax = 9;  // bytes; a row begins with a zero

// Does the wire carry what the decoding of this column reads? A table that changed after it was
// described must not be read with the old types.
bool WireFits(Decode decode, enum_field_types wire) {
  switch (decode) {
    case Decode::kInt8:
      return wire == MYSQL_TYPE_TINY;
    case Decode::kInt16:
    case Decode::kShortYear:
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
    case Decode::kMappedText:
    case Decode::kBytes:
      break;
  }
  // Everything else is length-encoded bytes; NEWDECIMAL is what DECIMAL(39…65) sends.
  return wire >= MYSQL_TYPE_JSON || wire == MYSQL_TYPE_VARCHAR || wire == kVectorType;
}

class MysqlReader : public BatchReader {
 public:
  MysqlReader(MysqlConnection& connection, const ReadRequest& request,
              std::vector<SourceColumn> columns, std::vector<std::size_t> key_columns)
      : connection_(connection),
        table_(request.table->name),
        where_(request.table->where),
        where_place_(request.table->where_place),
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
    TRY_STATUS(TakeRawTexts());
    statement_ = mysql_stmt_init(connection_.raw());
    if (statement_ == nullptr) return Fail(Code::kUnavailable, "no memory for a statement");
    if (mysql_stmt_prepare(statement_, select.data(), select.size()) != 0) {
      return tl::make_unexpected(WhereError(StartError().error()));
    }
    TRY_STATUS(CheckParameters());
    TRY_STATUS(CheckWire());
    if (mysql_stmt_execute(statement_) != 0) {
      return tl::make_unexpected(WhereError(StartError().error()));
    }
    return {};
  }

  Result<bool> Next(warehouse::Batch* batch) override {
    decoder_.Begin(batch);
    MYSQL* mysql = connection_.raw();
    while (!ended_ && !decoder_.full()) {
      const unsigned long size = mysql_net_read_packet(mysql);
      if (size == packet_error) return tl::make_unexpected(connection_.LastError());
      const unsigned char* packet = mysql->net.read_pos;
      if (size > 0 && size < kEndOfRowsMax && packet[0] == kEndOfRows) {
        TRY_STATUS(EndRows());
      } else if (!decoder_.Row(packet, size)) {
        return tl::make_unexpected(Nonsense());
      }
    }
    decoder_.End();
    rows_ += batch->rows;
    return batch->rows > 0;
  }

  std::vector<CoercedColumn> Coerced() const override { return decoder_.Coerced(); }

 private:
  // Texts in old character sets come as they are stored and are decoded here, unless one of them is
  // a set whose codes we cannot list: then the server converts them all.
  Status TakeRawTexts() {
    std::vector<std::pair<std::size_t, std::shared_ptr<const Charset>>> charsets;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const SourceColumn& column = columns_[i];
      const std::string& name = column.read_as.empty() ? column.charset : column.read_as;
      if (name.empty()) continue;
      TRY(auto charset, FindCharset(connection_, name));
      if (charset == nullptr) return RefuseChoices();
      charsets.emplace_back(i, std::move(charset));
    }
    if (charsets.empty()) return {};
    for (auto& [column, charset] : charsets) decoder_.SetCharset(column, std::move(charset));
    takes_raw_texts_ = true;
    return connection_.Execute("SET character_set_results = NULL");
  }

  // A choice cannot be kept when the server converts.
  Status RefuseChoices() const {
    for (const SourceColumn& column : columns_) {
      if (column.read_as.empty()) continue;
      return FailWithHint(
          Code::kInvalid,
          fmt::format("column '{}' cannot be read as {}", column.name, column.read_as),
          "use a character set of the server such as utf8mb4 or cp932; a table that has a column "
          "in gb18030 cannot have one that is read as another set");
    }
    return {};
  }

  Status EndRows() {
    ended_ = true;
    connection_.raw()->status = MYSQL_STATUS_READY;  // As libmariadb's own fetch does here.
    if (!takes_raw_texts_) return {};
    return connection_.Execute("SET character_set_results = utf8mb4");
  }

  Error Nonsense() const {
    const std::size_t column = decoder_.bad_column();
    const std::string what =
        column < columns_.size()
            ? fmt::format("column '{}' ({})", columns_[column].name, columns_[column].source_type)
            : "the row as a whole";
    return {Code::kUnavailable,
            fmt::format(
                "row {} of '{}' cannot be decoded: {}", rows_ + decoder_.rows() + 1, table_, what),
            "something between here and the server changes what it sends, or its version is not "
            "known yet: look at what is between, then report it with the server's version"};
  }

  // A lost connection is noted on the connection, not on the statement.
  Error StatementError() {
    if (mysql_stmt_errno(statement_) == 0) return connection_.LastError();
    return connection_.Failure(mysql_stmt_errno(statement_), mysql_stmt_error(statement_));
  }

  Status StartError() {
    ended_ = true;  // There is no result that closing would wait for.
    const Error error = StatementError();
    if (takes_raw_texts_) (void)connection_.Execute("SET character_set_results = utf8mb4");
    return tl::make_unexpected(error);
  }

  // Everything in the SELECT but `where` is ours, so what the server does not understand is there.
  Error WhereError(const Error& error) const {
    const bool is_about_table = error.message.find("." + table_ + "'") != std::string::npos;
    if (where_.empty() || connection_.lost() || error.code == Code::kDenied || is_about_table) {
      return error;
    }
    return {Code::kInvalid,
            fmt::format("{}the server does not understand 'where' of table '{}': {}",
                        where_place_.empty() ? "" : where_place_ + ": ",
                        table_,
                        error.message),
            "it is a condition on the table's columns as MySQL writes it, for example  where: "
            "\"deleted_at IS NULL\""};
  }

  Status CheckParameters() {
    if (mysql_stmt_param_count(statement_) == 0) return {};
    (void)StartError();
    return tl::make_unexpected(WhereError(
        {Code::kInvalid, "a ? outside quotes stands for a value that nobody gives", ""}));
  }

  Status CheckWire() {
    MYSQL_RES* metadata = mysql_stmt_result_metadata(statement_);
    if (metadata == nullptr) return StartError();
    Status fits;
    if (mysql_num_fields(metadata) != columns_.size()) {
      fits = Fail(Code::kUnavailable, "the server does not answer with the columns asked for");
    }
    for (std::size_t i = 0; i < columns_.size() && fits; ++i) {
      const MYSQL_FIELD* field = mysql_fetch_field_direct(metadata, static_cast<unsigned>(i));
      if (Fits(columns_[i], *field)) continue;
      fits =
          FailWithHint(Code::kConflict,
                       fmt::format("column '{}' is no longer {}{} (wire type {}, collation {})",
                                   columns_[i].name,
                                   columns_[i].source_type,
                                   columns_[i].charset.empty() ? "" : " in " + columns_[i].charset,
                                   static_cast<int>(field->type),
                                   field->charsetnr),
                       "the table changed while it was read: run again");
    }
    mysql_free_result(metadata);
    if (fits) return {};
    const Error error = fits.error();
    (void)StartError();
    return tl::make_unexpected(error);
  }

  // Bytes that come as they are stored must still be in the character set that was described.
  bool Fits(const SourceColumn& column, const MYSQL_FIELD& field) const {
    if (!WireFits(DecodeFor(column.type, column.source_type), field.type)) return false;
    if (!takes_raw_texts_ || column.charset.empty()) return true;
    const MARIADB_CHARSET_INFO* actual = mariadb_get_charset_by_nr(field.charsetnr);
    return actual == nullptr || column.charset == actual->csname;
  }

  MysqlConnection& connection_;
  const std::string table_;
  const std::string where_;
  const std::string where_place_;
  std::vector<SourceColumn> columns_;
  RowDecoder decoder_;
  MYSQL_STMT* statement_ = nullptr;
  std::size_t rows_ = 0;  // of earlier batches
  bool takes_raw_texts_ = false;
  bool ended_ = false;
};

}  // namespace

Result<std::unique_ptr<BatchReader>> OpenMysqlReader(MysqlConnection& connection,
                                                     const ReadRequest& request,
                                                     const std::string& select) {
  std::vector<SourceColumn> columns;
  for (const std::string& name : request.columns) {
    const SourceColumn* column = request.table->Find(name);
    if (column == nullptr) return Fail(Code::kInvalid, "there is no column '{}'", name);
    columns.push_back(*column);
  }
  std::vector<SourceColumn> asked = UnmaskedColumns(columns);
  std::vector<std::size_t> keys;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    for (const std::string& key : request.table->primary_key) {
      if (EqualsIgnoreCase(key, asked[i].name)) keys.push_back(i);
    }
  }
  auto reader =
      std::make_unique<MysqlReader>(connection, request, std::move(asked), std::move(keys));
  TRY_STATUS(reader->Start(select));
  const bool is_masked =
      std::any_of(columns.begin(), columns.end(), [](const SourceColumn& column) {
        return column.mask != nullptr;
      });
  if (is_masked) return MaskRows(std::move(reader), std::move(columns));
  return std::unique_ptr<BatchReader>(std::move(reader));
}

}  // namespace kura::sync
