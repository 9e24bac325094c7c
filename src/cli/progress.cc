// Live lines by ANSI cursor movement, at most ten times a second.
#include "cli/progress.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "base/clock.h"
#include "base/text.h"

namespace kura::cli {
namespace {

constexpr double kRedrawSeconds = 0.1;
constexpr std::size_t kBarWidth = 22;
constexpr std::size_t kLinesMax = 20;

std::string Bar(const sync::Progress& progress) {
  const double share = progress.rows_expected <= 0
                           ? 0
                           : std::min(1.0,
                                      static_cast<double>(progress.rows) /
                                          static_cast<double>(progress.rows_expected));
  const auto full = static_cast<std::size_t>(share * kBarWidth);
  std::string bar;
  for (std::size_t i = 0; i < full; ++i) bar += "━";
  if (full < kBarWidth) bar += "╸";
  return PadRight(bar, kBarWidth + 1);
}

bool Ended(const sync::Progress& progress) {
  return progress.state == "done" || progress.state == "failed";
}

std::string SecondsLeft(const sync::Progress& progress) {
  const std::int64_t left = progress.rows_expected - progress.rows;
  if (left <= 0 || progress.rows_per_second <= 0) return "";
  return fmt::format("   {:.0f} s left",
                     std::max(1.0, static_cast<double>(left) / progress.rows_per_second));
}

}  // namespace

ProgressBoard::ProgressBoard(const Globals& globals)
    : file_(CurrentTerminal().err),
      live_(!globals.quiet && !globals.json && ::isatty(::fileno(file_)) != 0),
      quiet_(globals.quiet) {}

ProgressBoard::~ProgressBoard() {
  Clear();
}

void ProgressBoard::Update(const sync::Progress& progress) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const bool is_new = !tables_.contains(progress.table);
  if (is_new) order_.push_back(progress.table);
  tables_[progress.table] = progress;
  if (quiet_) return;
  if (!live_) {
    if (Ended(progress)) fmt::print(file_, "{}\n", Line(progress));
    return;
  }
  const double now_s = MonotonicSeconds();
  if (!is_new && !Ended(progress) && now_s - drawn_at_s_ < kRedrawSeconds) return;
  drawn_at_s_ = now_s;
  Redraw();
}

void ProgressBoard::Clear() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (lines_drawn_ > 0) fmt::print(file_, "\033[{}A\033[J", lines_drawn_);
  lines_drawn_ = 0;
  order_.clear();
  tables_.clear();
}

std::string ProgressBoard::Line(const sync::Progress& progress) const {
  std::string out = "  " + PadRight(progress.table, 16) + " ";
  if (Ended(progress) || progress.state == "waiting") {
    out += PadRight(progress.mode, 24) + PadRight(progress.state, 10);
    if (progress.rows > 0) out += GroupDigits(progress.rows) + " rows";
    return out;
  }
  if (progress.state == "committing") {
    return out + PadRight(progress.mode, 24) + "committing " + GroupDigits(progress.rows) + " rows";
  }
  const bool known = progress.rows_expected > 0;
  out += known ? Bar(progress) : PadRight(progress.mode, kBarWidth + 1);
  if (known) {
    const std::int64_t percent =
        std::min<std::int64_t>(99, progress.rows * 100 / progress.rows_expected);
    out += fmt::format(" {:3} %", percent);
  }
  out += PadLeft(ShortRate(progress.rows_per_second) + "/s", 12);
  return out + PadLeft(GroupDigits(progress.rows), 13) + " rows" + SecondsLeft(progress);
}

void ProgressBoard::Redraw() {
  winsize size = {};
  const bool sized = ::ioctl(::fileno(file_), TIOCGWINSZ, &size) == 0 && size.ws_row > 2;
  const std::size_t fits = std::min<std::size_t>(kLinesMax, sized ? size.ws_row - 2U : kLinesMax);
  std::string out;
  if (lines_drawn_ > 0) out += fmt::format("\033[{}A\033[J", lines_drawn_);
  std::vector<std::string> shown = order_;
  if (shown.size() > fits) {  // Running tables first, then those that wait.
    std::stable_partition(
        shown.begin(), shown.end(), [this](const std::string& t) { return !Ended(tables_.at(t)); });
    shown.resize(fits);
  }
  for (const std::string& table : shown) out += Line(tables_.at(table)) + "\n";
  lines_drawn_ = shown.size();
  fmt::print(file_, "{}", out);
  std::fflush(file_);
}

std::string ShortRate(double per_second) {
  if (per_second >= 1e6) return fmt::format("{:.2f} M", per_second / 1e6);
  if (per_second >= 1e4) return fmt::format("{:.0f} k", per_second / 1e3);
  return fmt::format("{:.0f}", per_second);
}

std::string PadRight(std::string_view text, std::size_t width) {
  const std::size_t used = DisplayWidth(text);
  return std::string(text) + std::string(used < width ? width - used : 0, ' ');
}

std::string PadLeft(std::string_view text, std::size_t width) {
  const std::size_t used = DisplayWidth(text);
  return std::string(used < width ? width - used : 0, ' ') + std::string(text);
}

}  // namespace kura::cli
