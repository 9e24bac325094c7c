// sync/tunnel.h: the command that leads to a database in another network, such as ssh -L: started
// before the first connection, started again when it has died, ended with the last one.
#pragma once
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "base/result.h"
#include "sync/shell_command.h"

namespace kura::sync {

/// A tunnel must listen within this time.
inline constexpr double kTunnelSeconds = 20;

/// Which tunnel: the command with {port} for the local port and, where it should serve every host,
/// {host} for the database's.
struct TunnelSpec {
  std::string command;
  std::string host;
  double timeout_s = kTunnelSeconds;
};

/// A running tunnel. Shared between threads; it ends when nobody holds it.
class Tunnel {
  struct Passkey {};  // Only Open makes tunnels.

 public:
  /// The tunnel of `spec`: the one that somebody holds already, or a new one. When this returns,
  /// its port listens. Errors: kInvalid (the command is no tunnel), kUnavailable (it ended, with
  /// what it said; or it did not listen in time).
  static Result<std::shared_ptr<Tunnel>> Open(const TunnelSpec& spec);
  explicit Tunnel(Passkey) {}
  ~Tunnel();
  Tunnel(const Tunnel&) = delete;
  Tunnel& operator=(const Tunnel&) = delete;

  /// The port on 127.0.0.1; another one after a restart.
  int port() const;
  /// What the command last said on standard error, on one line.
  std::string last_words() const;
  /// The command's process group.
  pid_t group() const;

 private:
  Status Ensure(const TunnelSpec& spec);
  Status Start(const TunnelSpec& spec);
  Status Await(const TunnelSpec& spec);
  void Stop();
  void Watch();

  std::mutex ensure_mutex_;  // One starts it, the others wait.
  mutable std::mutex mutex_;
  std::unique_ptr<ShellCommand> command_;  // under mutex_
  std::thread watcher_;                    // reads what the command says
  bool stopping_ = false;                  // under mutex_
  int port_ = 0;                           // under mutex_
};

}  // namespace kura::sync
