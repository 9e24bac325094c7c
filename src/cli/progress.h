// cli/progress.h: the live lines of `kura sync`: bars on a terminal, one line per event elsewhere.
#pragma once
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "cli/app.h"
#include "sync/sync.h"

namespace kura::cli {

/// Draws on stderr of the terminal that is current when it is made. Update may be called from
/// several threads.
class ProgressBoard {
 public:
  explicit ProgressBoard(const Globals& globals);
  ~ProgressBoard();
  ProgressBoard(const ProgressBoard&) = delete;
  ProgressBoard& operator=(const ProgressBoard&) = delete;

  void Update(const sync::Progress& progress);

  /// Removes the live lines, so that the summary stands alone.
  void Clear();

 private:
  std::string Line(const sync::Progress& progress) const;
  void Redraw();

  std::FILE* const file_;
  std::mutex mutex_;
  bool live_ = false;
  bool quiet_ = false;
  std::size_t lines_drawn_ = 0;
  double drawn_at_s_ = 0;
  std::vector<std::string> order_;
  std::map<std::string, sync::Progress> tables_;
};

/// "1.42 M", "310 k", "97": rows per second in few digits.
std::string ShortRate(double per_second);

/// `text` with spaces behind (or before) it up to `width` columns; Japanese characters take two.
std::string PadRight(std::string_view text, std::size_t width);
std::string PadLeft(std::string_view text, std::size_t width);

}  // namespace kura::cli
