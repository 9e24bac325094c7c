// Fixed-width columns are copied whole; texts are lent to the appender without a second UTF-8
// check, since sources deliver checked text. What is left is DuckDB's own work (compression above
// all).
#include "warehouse/duckdb_loader.h"

#include <algorithm>
#include <cstring>

#include "warehouse/value_text.h"

namespace kura::warehouse {
namespace {

using sql::TypeKind;

// Texts of all kinds have one form in memory.
bool SameForm(const sql::Type& batch, const sql::Type& table) {
  const auto is_text = [](TypeKind kind) {
    return kind == TypeKind::kVarchar || kind == TypeKind::kJson;
  };
  return batch == table || (is_text(batch.kind) && is_text(table.kind));
}

// One bit per row from one byte per row; nothing to do when every row has a value.
void CopyValidity(const BatchColumn& column, std::size_t rows, duckdb_vector vector) {
  if (std::memchr(column.valid.data(), 0, rows) == nullptr) return;
  duckdb_vector_ensure_validity_writable(vector);
  std::uint64_t* mask = duckdb_vector_get_validity(vector);
  for (std::size_t begin = 0; begin < rows; begin += 64) {
    const std::size_t count = std::min<std::size_t>(64, rows - begin);
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < count; ++i) {
      bits |= std::uint64_t{column.valid[begin + i] != 0} << i;
    }
    mask[begin / 64] = bits;
  }
}

// A text as DuckDB keeps it: up to 12 bytes inside, longer ones by their place.
duckdb_string_t TextIn(const char* data, std::uint32_t size) {
  duckdb_string_t text = {};
  if (size <= sizeof text.value.inlined.inlined) {
    text.value.inlined.length = size;
    std::memcpy(text.value.inlined.inlined, data, size);
  } else {
    text.value.pointer.length = size;
    std::memcpy(text.value.pointer.prefix, data, sizeof text.value.pointer.prefix);
    text.value.pointer.ptr = const_cast<char*>(data);
  }
  return text;
}

// Points into the batch: appending the chunk copies the texts, so they are not copied twice.
void PointToTexts(const BatchColumn& column, std::size_t rows, duckdb_vector vector) {
  auto* out = static_cast<duckdb_string_t*>(duckdb_vector_get_data(vector));
  std::uint32_t begin = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    const std::uint32_t end = column.ends[row];
    out[row] = TextIn(column.bytes.data() + begin, end - begin);
    begin = end;
  }
}

Status CopyUuids(const BatchColumn& column, std::size_t rows, duckdb_vector vector) {
  auto* out = static_cast<char*>(duckdb_vector_get_data(vector));
  std::size_t begin = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    const std::size_t end = column.ends[row];
    const std::string_view text(column.bytes.data() + begin, end - begin);
    begin = end;
    if (column.valid[row] == 0) continue;
    Int128 stored = 0;
    if (!ParseUuid(text, &stored)) return Fail(Code::kInvalid, "'{}' is not a UUID", text);
    std::memcpy(out + row * sizeof stored, &stored, sizeof stored);
  }
  return {};
}

Status CopyColumn(const BatchColumn& column, std::size_t rows, duckdb_vector vector) {
  CopyValidity(column, rows, vector);
  const std::size_t width = WidthBytes(column.type);
  if (width > 0) {
    std::memcpy(duckdb_vector_get_data(vector), column.fixed.data(), rows * width);
    return {};
  }
  if (column.type.kind == TypeKind::kUuid) return CopyUuids(column, rows, vector);
  PointToTexts(column, rows, vector);
  return {};
}

bool IsWhole(const BatchColumn& column, std::size_t rows) {
  const std::size_t width = WidthBytes(column.type);
  const bool has_values =
      width > 0 ? column.fixed.size() >= rows * width : column.ends.size() >= rows;
  return has_values && column.valid.size() >= rows;
}

}  // namespace

Result<std::unique_ptr<DuckDbLoader>> DuckDbLoader::Open(
    duckdb_connection connection, const std::string& schema, const std::string& table,
    std::unique_ptr<LoadThreads::Lease> lease) {
  auto loader = std::make_unique<DuckDbLoader>(schema + "." + table, std::move(lease));
  if (duckdb_appender_create(connection, schema.c_str(), table.c_str(), &loader->appender_) !=
      DuckDBSuccess) {
    return loader->Failed();
  }
  TRY_STATUS(loader->ReadTypes());
  return loader;
}

Status DuckDbLoader::ReadTypes() {
  std::vector<TypeHandle> types;
  std::vector<duckdb_logical_type> raw;
  for (idx_t i = 0; i < duckdb_appender_column_count(appender_); ++i) {
    types.emplace_back(duckdb_appender_column_type(appender_, i));
    raw.push_back(types.back().get());
    shapes_.push_back(ShapeOf(raw.back()));
    const bool rare = !IsReadable(shapes_.back().id) || shapes_.back().id == DUCKDB_TYPE_ENUM;
    if (rare) return Fail(Code::kInvalid, "column {} of {} cannot be loaded", i + 1, table_);
  }
  chunk_ = ChunkHandle(duckdb_create_data_chunk(raw.data(), raw.size()));
  return {};
}

// What was appended and not finished is dropped: destroying alone would flush it.
DuckDbLoader::~DuckDbLoader() {
  if (appender_ == nullptr) return;
  if (!finished_) (void)duckdb_appender_clear(appender_);
  (void)duckdb_appender_destroy(&appender_);
}

Status DuckDbLoader::CheckTypes(const Batch& batch) const {
  if (batch.columns.size() != shapes_.size()) {
    return Fail(Code::kInvalid,
                "{} has {} columns, the batch {}",
                table_,
                shapes_.size(),
                batch.columns.size());
  }
  if (batch.rows > kBatchRows) return Fail(Code::kInvalid, "a batch of {} rows", batch.rows);
  for (std::size_t i = 0; i < shapes_.size(); ++i) {
    const BatchColumn& column = batch.columns[i];
    if (!SameForm(column.type, shapes_[i].type)) {
      return Fail(Code::kInvalid,
                  "column {} of {} is {}, the batch has {}",
                  i + 1,
                  table_,
                  sql::TypeName(shapes_[i].type),
                  sql::TypeName(column.type));
    }
    if (!IsWhole(column, batch.rows)) {
      return Fail(Code::kInvalid, "column {} of a batch for {} lacks rows", i + 1, table_);
    }
  }
  return {};
}

Status DuckDbLoader::Append(const Batch& batch) {
  if (batch.rows == 0) return {};
  TRY_STATUS(CheckTypes(batch));
  duckdb_data_chunk_reset(chunk_.get());
  for (std::size_t i = 0; i < batch.columns.size(); ++i) {
    TRY_STATUS(
        CopyColumn(batch.columns[i], batch.rows, duckdb_data_chunk_get_vector(chunk_.get(), i)));
  }
  duckdb_data_chunk_set_size(chunk_.get(), batch.rows);
  if (duckdb_append_data_chunk(appender_, chunk_.get()) != DuckDBSuccess) return Failed();
  return {};
}

Status DuckDbLoader::Finish() {
  if (duckdb_appender_close(appender_) != DuckDBSuccess) return Failed();
  finished_ = true;
  return {};
}

tl::unexpected<Error> DuckDbLoader::Failed() {
  const char* text = appender_ == nullptr ? nullptr : duckdb_appender_error(appender_);
  return Annotate(MapError(text == nullptr ? "" : text), "loading {}", table_);
}

}  // namespace kura::warehouse
