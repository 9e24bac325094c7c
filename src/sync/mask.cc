// A masked column is decoded into a batch of its own, in memory only; what goes on from here is the
// masked text. Columns without a mask change their owner and are not copied.
#include "sync/mask.h"

#include <algorithm>
#include <utility>

#include "base/ensure.h"
#include "base/text.h"
#include "sync/row_key.h"

namespace kura::sync {
namespace {

using sql::TypeKind;

// Tells one salt from another without telling the salt: a table whose salt changed is copied anew.
constexpr std::string_view kPrintOf = "kura salt print\n";
constexpr std::size_t kPrintDigits = 8;
constexpr std::size_t kColumnBytesMax = std::size_t{1} << 31U;

std::string KeepLast(std::string_view text, int count) {
  std::vector<std::size_t> starts;
  for (std::size_t at = 0; at < text.size(); at += DecodeRune(text, at).size_bytes) {
    starts.push_back(at);
  }
  const auto kept = std::min(starts.size(), static_cast<std::size_t>(count));
  const std::size_t hidden = starts.size() - kept;
  const std::size_t from = kept == 0 ? text.size() : starts[hidden];
  return std::string(hidden, '*').append(text.substr(from));
}

bool IsHidden(const SourceColumn& column) {
  return column.mask != nullptr && column.mask->makes_null();
}

class MaskedReader : public BatchReader {
 public:
  MaskedReader(std::unique_ptr<BatchReader> unmasked, std::vector<SourceColumn> columns)
      : unmasked_(std::move(unmasked)), columns_(std::move(columns)) {
    std::vector<sql::Type> types;
    for (const SourceColumn& column : UnmaskedColumns(columns_)) types.push_back(column.type);
    raw_ = warehouse::Batch(types);
  }

  Result<bool> Next(warehouse::Batch* batch) override {
    ENSURE(batch->columns.size() == columns_.size());
    batch->Clear();
    TRY(const bool more, unmasked_->Next(&raw_));
    batch->rows = raw_.rows;
    std::size_t from = 0;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      warehouse::BatchColumn& out = batch->columns[i];
      if (IsHidden(columns_[i])) {
        Hide(&out);
      } else if (columns_[i].mask == nullptr) {
        std::swap(out, raw_.columns[from++]);
      } else if (!Apply(*columns_[i].mask, from++, &out)) {
        return Fail(Code::kInvalid, "the masked texts of '{}' are too long", columns_[i].name);
      }
    }
    return more;
  }

  std::vector<CoercedColumn> Coerced() const override {
    std::vector<std::size_t> asked;  // by the index in raw_
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (!IsHidden(columns_[i])) asked.push_back(i);
    }
    std::vector<CoercedColumn> coerced = unmasked_->Coerced();
    for (CoercedColumn& column : coerced) column.column = asked[column.column];
    return coerced;
  }

 private:
  void Hide(warehouse::BatchColumn* out) const {
    const std::size_t width = warehouse::WidthBytes(out->type);
    out->valid.assign(raw_.rows, 0);
    out->fixed.assign(raw_.rows * width, std::byte{0});
    out->ends.assign(width == 0 ? raw_.rows : 0, 0);
    out->bytes.clear();
  }

  bool Apply(const Mask& mask, std::size_t from, warehouse::BatchColumn* out) const {
    const warehouse::BatchColumn& values = raw_.columns[from];
    out->valid = values.valid;
    out->fixed.clear();
    out->ends.resize(raw_.rows);
    out->bytes.clear();
    for (std::size_t row = 0; row < raw_.rows; ++row) {
      if (values.valid[row] != 0) out->bytes += mask.Apply(PlainText({&raw_, row}, from));
      if (out->bytes.size() > kColumnBytesMax) return false;
      out->ends[row] = static_cast<std::uint32_t>(out->bytes.size());
    }
    return true;
  }

  std::unique_ptr<BatchReader> unmasked_;
  const std::vector<SourceColumn> columns_;
  warehouse::Batch raw_;
};

}  // namespace

Mask::Mask(MaskConfig config, const sql::Type& type, const std::string& salt)
    : config_(std::move(config)), source_type_(type), salted_(salt) {
  if (config_.kind != MaskKind::kSha256) return;
  salt_ = salt;
  salt_print_ = Sha256(kPrintOf).Hex(salt).substr(0, kPrintDigits);
}

Result<std::shared_ptr<const Mask>> Mask::Make(const MaskConfig& config, const sql::Type& type,
                                               const std::string& salt) {
  const bool needs_text = config.kind == MaskKind::kLast || config.kind == MaskKind::kRegex;
  if (needs_text && type.kind == TypeKind::kBlob) {
    return FailWithHint(Code::kInvalid,
                        "the column holds bytes, which have no characters to keep or to replace",
                        "use  sha256  or  \"null\"");
  }
  if (config.kind == MaskKind::kSha256 && salt.empty()) {
    return Fail(Code::kInvalid, "sha256 needs a salt, and there is none");
  }
  std::shared_ptr<Mask> mask(new Mask(config, type, salt));
  if (config.kind == MaskKind::kRegex) {
    TRY(mask->regex_, Regex::Compile(config.pattern));
    TRY_STATUS(mask->regex_->CheckReplacement(config.replacement));
  }
  return std::shared_ptr<const Mask>(std::move(mask));
}

sql::Type Mask::type() const {
  return makes_null() ? source_type_ : sql::Type{TypeKind::kVarchar, 0, 0};
}

std::string Mask::declared() const {
  switch (config_.kind) {
    case MaskKind::kNull:
      break;
    case MaskKind::kSha256:
      return "sha256 " + salt_print_;
    case MaskKind::kLast:
      return fmt::format("last {}", config_.last);
    case MaskKind::kRegex:
      return "regex " + config_.pattern + " with " + config_.replacement;
  }
  return "null";
}

std::string Mask::Apply(std::string_view text) const {
  switch (config_.kind) {
    case MaskKind::kNull:
      break;
    case MaskKind::kSha256:
      return salted_.Hex(text);
    case MaskKind::kLast:
      return KeepLast(text, config_.last);
    case MaskKind::kRegex:
      return regex_->Replace(text, config_.replacement);
  }
  ENSURE(false);  // A column that becomes NULL has no texts.
  return "";
}

std::vector<SourceColumn> UnmaskedColumns(const std::vector<SourceColumn>& columns) {
  std::vector<SourceColumn> unmasked;
  for (const SourceColumn& column : columns) {
    if (IsHidden(column)) continue;
    unmasked.push_back(column);
    if (column.mask != nullptr) unmasked.back().type = column.mask->source_type();
  }
  return unmasked;
}

std::unique_ptr<BatchReader> MaskRows(std::unique_ptr<BatchReader> unmasked,
                                      std::vector<SourceColumn> columns) {
  return std::make_unique<MaskedReader>(std::move(unmasked), std::move(columns));
}

}  // namespace kura::sync
