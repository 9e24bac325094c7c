// sync/seed_report.h: the mistakes of one file of seeds/, as many as a person wants to read.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"

namespace kura::sync {

class SeedReport {
 public:
  /// `text` must outlive what Finish hands on.
  explicit SeedReport(const SourceFile& text) : text_(text) {}

  /// Adds a mistake at bytes of the text.
  void Add(std::string_view kind, std::uint32_t begin, std::uint32_t end, std::string message,
           std::string hint);

  bool has_mistakes() const { return !mistakes_.empty(); }

  /// Hands the first kSeedMistakesMax on, and says how many more there are.
  void Finish(Diagnostics& diagnostics);

 private:
  const SourceFile& text_;
  std::vector<Diagnostic> mistakes_;
  std::size_t left_out_ = 0;
};

}  // namespace kura::sync
