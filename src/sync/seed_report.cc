// Mistakes come pass by pass, so they are sorted by place before the first ones are chosen.
#include "sync/seed_report.h"

#include <fmt/format.h>

#include <algorithm>

#include "sync/seed_table.h"

namespace kura::sync {
namespace {

constexpr std::size_t kKeptMax = 1000;

}  // namespace

void SeedReport::Add(std::string_view kind, std::uint32_t begin, std::uint32_t end,
                     std::string message, std::string hint) {
  if (mistakes_.size() >= kKeptMax) {
    ++left_out_;
    return;
  }
  Diagnostic mistake;
  mistake.kind = kind;
  mistake.span = {&text_, begin, end};
  mistake.message = std::move(message);
  mistake.hint = std::move(hint);
  mistakes_.push_back(std::move(mistake));
}

void SeedReport::Finish(Diagnostics& diagnostics) {
  std::stable_sort(
      mistakes_.begin(), mistakes_.end(), [](const Diagnostic& a, const Diagnostic& b) {
        return a.span.begin < b.span.begin;
      });
  const std::size_t shown = std::min(mistakes_.size(), kSeedMistakesMax);
  const std::size_t hidden = mistakes_.size() - shown + left_out_;
  if (hidden > 0) {
    std::string& hint = mistakes_[shown - 1].hint;
    hint += fmt::format("{}{} more mistake{} in this file",
                        hint.empty() ? "" : "\n",
                        hidden,
                        hidden == 1 ? "" : "s");
  }
  for (std::size_t i = 0; i < shown; ++i) diagnostics.Add(std::move(mistakes_[i]));
  mistakes_.resize(0);
}

}  // namespace kura::sync
