// Fuzzes the decoding of rows that a server sends. The input is packets, each behind a byte that is
// its length. A packet lies in a block of its own, so that the sanitizer sees a byte too many read.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "base/text.h"
#include "sync/mysql_decode.h"

namespace {

using kura::sql::TypeKind;

kura::sync::SourceColumn Column(TypeKind kind, const char* source_type, int precision = 0,
                                int scale = 0) {
  kura::sync::SourceColumn column;
  column.name = source_type;
  column.type = {kind, precision, scale};
  column.source_type = source_type;
  return column;
}

// One column per way of decoding, and a text as the key of the samples.
std::vector<kura::sync::SourceColumn> Columns() {
  return {Column(TypeKind::kVarchar, "varchar(9)"),
          Column(TypeKind::kUTinyInt, "tinyint unsigned"),
          Column(TypeKind::kSmallInt, "year(2)"),
          Column(TypeKind::kInteger, "int"),
          Column(TypeKind::kUBigInt, "bigint unsigned"),
          Column(TypeKind::kFloat, "float"),
          Column(TypeKind::kDouble, "double"),
          Column(TypeKind::kDecimal, "decimal(4,2)", 4, 2),
          Column(TypeKind::kDecimal, "decimal(9,0)", 9, 0),
          Column(TypeKind::kDecimal, "decimal(18,6)", 18, 6),
          Column(TypeKind::kDecimal, "decimal(38,30)", 38, 30),
          Column(TypeKind::kBoolean, "bit(1)"),
          Column(TypeKind::kUBigInt, "bit(64)"),
          Column(TypeKind::kDate, "date"),
          Column(TypeKind::kTimestamp, "datetime(6)"),
          Column(TypeKind::kTimestampTz, "timestamp"),
          Column(TypeKind::kInterval, "time(6)"),
          Column(TypeKind::kBlob, "blob"),
          Column(TypeKind::kVarchar, "varchar(9) ucs2")};
}

void Require(bool holds) {
  if (!holds) std::abort();  // libFuzzer keeps the input.
}

// What was stored must be loadable: whole columns, texts in order, and valid UTF-8.
void Check(const kura::warehouse::Batch& batch) {
  for (const kura::warehouse::BatchColumn& column : batch.columns) {
    const std::size_t width = kura::warehouse::WidthBytes(column.type);
    Require(column.valid.size() == batch.rows && column.fixed.size() == batch.rows * width);
    if (width != 0) continue;
    Require(column.ends.size() == batch.rows);
    std::uint32_t begin = 0;
    for (const std::uint32_t end : column.ends) {
      Require(begin <= end && end <= column.bytes.size());
      const std::string_view text(column.bytes.data() + begin, end - begin);
      Require(column.type.kind == TypeKind::kBlob || kura::IsUtf8(text));
      begin = end;
    }
    Require(begin == column.bytes.size());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::vector<kura::sync::SourceColumn> columns = Columns();
  std::vector<kura::sql::Type> types;
  for (const auto& column : columns) types.push_back(column.type);
  kura::warehouse::Batch batch(types);
  kura::sync::RowDecoder decoder(columns, {0});
  decoder.SetCharset(columns.size() - 1,
                     std::make_shared<const kura::sync::Charset>(kura::sync::CharsetForm::kUtf16));
  decoder.Begin(&batch);
  bool is_row = true;
  while (is_row && size > 0 && !decoder.full()) {
    const std::size_t packet_size = std::min<std::size_t>(*data, size - 1);
    const auto packet = std::make_unique<unsigned char[]>(packet_size);
    std::memcpy(packet.get(), data + 1, packet_size);
    is_row = decoder.Row(packet.get(), packet_size);
    data += 1 + packet_size;
    size -= 1 + packet_size;
  }
  decoder.End();
  Check(batch);
  for (const auto& coerced : decoder.Coerced()) Require(coerced.count > 0);
  return 0;
}
