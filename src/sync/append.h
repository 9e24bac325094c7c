// sync/append.h: how far an append-only table can be read by its growing key so that nothing is
// lost: a row with a smaller key may be committed after one with a greater key.
#pragma once
#include <functional>
#include <string>

#include "base/result.h"
#include "sync/source.h"

namespace kura::sync {

/// Up to where keys are complete.
struct KeyBound {
  Watermark watermark;   // of before the key was looked at: the rows up to it are below `upper`
  std::string upper;     // the first key that is not read; nothing is below it in an empty table
  bool is_held = false;  // `upper` is of no use: something older than it is still open
};

/// Reads the greatest key, and waits (at most `wait_s`) until the watermark has passed that moment.
/// Keys are given in growing order, so each row with a key up to it, visible or not, belonged to a
/// transaction that had begun by then; once none of those is open, a snapshot taken afterwards has
/// every such row. Call it before BeginSnapshot. Where open transactions cannot be seen it does not
/// wait, and nothing is proven. Errors: those of the session, kConflict (stopped).
Result<KeyBound> BoundKeys(Session& session, const SourceTable& table, double wait_s,
                           const std::function<bool()>& stopped);

/// The key after `key`, an integer as text.
std::string KeyAfter(const std::string& key);

}  // namespace kura::sync
