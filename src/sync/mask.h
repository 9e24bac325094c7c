// sync/mask.h: values that must not be seen, changed on their way from the packet to the batch: the
// warehouse, its log and its staging never hold them (DESIGN §3, `mask:` of kura.yaml).
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "base/regex.h"
#include "base/result.h"
#include "sql/type.h"
#include "sync/source.h"
#include "sync/sync.h"

namespace kura::sync {

/// What one column's values become. Shared between threads.
class Mask {
 public:
  /// Compiles the policy for values of `type`. Errors: kInvalid (bytes cannot be cut or searched as
  /// text, a wrong pattern, sha256 without a salt).
  static Result<std::shared_ptr<const Mask>> Make(const MaskConfig& config, const sql::Type& type,
                                                  const std::string& salt);

  /// What the values are before they are masked.
  const sql::Type& source_type() const { return source_type_; }
  /// What they are afterwards: VARCHAR; what they were, when they all become NULL.
  sql::Type type() const;
  bool makes_null() const { return config_.kind == MaskKind::kNull; }
  /// Whether different values stay different, so that they can still be a key.
  bool keeps_apart() const { return config_.kind == MaskKind::kSha256; }
  /// The policy as it is declared with the table; of a salt only a print is in it.
  std::string declared() const;

  /// What it was made of.
  const MaskConfig& config() const { return config_; }
  const std::string& salt() const { return salt_; }

  /// The masked text of a value. Not for makes_null().
  std::string Apply(std::string_view text) const;

 private:
  Mask(MaskConfig config, const sql::Type& type, const std::string& salt);

  MaskConfig config_;
  sql::Type source_type_;
  std::string salt_;  // sha256 only
  std::string salt_print_;
  Sha256 salted_;
  std::optional<Regex> regex_;
};

/// The columns to ask the source for, to fill `columns`: without those that become NULL, and with
/// their types there. The masks stay on them, for reports that name a row by its key.
std::vector<SourceColumn> UnmaskedColumns(const std::vector<SourceColumn>& columns);

/// Batches of `columns` from a reader of UnmaskedColumns(columns).
std::unique_ptr<BatchReader> MaskRows(std::unique_ptr<BatchReader> unmasked,
                                      std::vector<SourceColumn> columns);

}  // namespace kura::sync
