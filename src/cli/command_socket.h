// cli/command_socket.h: one process owns the warehouse; others send their command there over
// .kura/kura.sock. What travels is the command itself with the sender's terminal (its descriptors),
// so that tables, bars, colours and exit codes are the same as if it had run at home.
#pragma once
#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cli/app.h"
#include "warehouse/warehouse.h"

namespace kura::cli {

/// Commands that need the warehouse.
inline constexpr std::array<std::string_view, 4> kCommandsToSend = {
    "sync", "verify", "query", "sql"};

struct SocketOptions {
  std::function<void()> after = [] {};  // called after each command, on another thread
  bool waits_at_end = false;            // commands that run then are finished, not interrupted
};

/// Runs the commands that others send, while it lives.
class CommandSocket {
 public:
  /// Listens in the project `folder`, for this user only. Errors: kUnavailable (the socket cannot
  /// be made).
  static Result<std::unique_ptr<CommandSocket>> Listen(const std::string& folder,
                                                       warehouse::Warehouse& warehouse,
                                                       SocketOptions options);
  /// Waits for what runs.
  virtual ~CommandSocket() = default;
};

/// Sends a command line to the owner of its project's warehouse, and waits for its exit code;
/// nothing when no process listens there, or it ended before it began.
std::optional<int> SendCommand(const Globals& globals, const std::vector<std::string>& arguments);

}  // namespace kura::cli
