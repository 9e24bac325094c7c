// Starting tunnels and waiting for them. Whether the port listens is read from the kernel's table:
// a trial connection would go through to the database, which counts it as a failed login.
#include "sync/tunnel.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <map>
#include <sstream>

#include "base/clock.h"
#include "base/text.h"

namespace kura::sync {
namespace {

constexpr int kAttemptsMax = 3;  // Somebody else may take the port between choice and use.
constexpr auto kStep = std::chrono::milliseconds(50);
constexpr int kListening = 0x0A;  // TCP_LISTEN in /proc/net/tcp
constexpr const char* kWhere =
    "see tunnel in kura.local.yaml; run its command by hand, with a free port for {port}, to see "
    "more";

Result<int> FreePort() {
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  const bool bound = descriptor >= 0 && bind(descriptor, generic, size) == 0 &&
                     getsockname(descriptor, generic, &size) == 0;
  if (descriptor >= 0) close(descriptor);
  if (!bound) return Fail(Code::kUnavailable, "no free port for a tunnel");
  return ntohs(address.sin_port);
}

// A line of /proc/net/tcp: "0: 0100007F:1F90 00000000:0000 0A …".
bool IsListening(const char* table, int port) {
  std::ifstream lines(table);
  std::string line, slot, local, remote, state;
  while (std::getline(lines, line)) {
    std::istringstream words(line);
    if (!(words >> slot >> local >> remote >> state)) continue;
    const std::size_t colon = local.find(':');
    if (colon == std::string::npos || state.size() != 2) continue;
    if (std::strtol(state.c_str(), nullptr, 16) != kListening) continue;
    if (std::strtol(local.c_str() + colon + 1, nullptr, 16) == port) return true;
  }
  return false;
}

bool IsListening(int port) {
  return IsListening("/proc/net/tcp", port) || IsListening("/proc/net/tcp6", port);
}

// The host comes from kura.yaml, which others may write, and must not become shell code.
bool IsPlainHost(const std::string& host) {
  return !host.empty() && host[0] != '-' && std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
           c == '-' || c == '_' || c == ':';
  });
}

Status Check(const TunnelSpec& spec) {
  if (spec.command.find("{port}") == std::string::npos) {
    return FailWithHint(Code::kInvalid,
                        "the tunnel's command does not say {port}",
                        "for example  ssh -N -L {port}:" + spec.host + ":3306 bastion");
  }
  if (spec.command.find("{host}") == std::string::npos || IsPlainHost(spec.host)) return {};
  return Fail(Code::kInvalid, "'{}' is not a host name that a tunnel can lead to", spec.host);
}

std::string CommandText(const TunnelSpec& spec, int port) {
  return ReplaceAll(ReplaceAll(spec.command, "{port}", std::to_string(port)), "{host}", spec.host);
}

// Commands that differ by host are one tunnel unless they ask for the host.
std::string KeyOf(const TunnelSpec& spec) {
  return ReplaceAll(spec.command, "{host}", spec.host);
}

}  // namespace

Result<std::shared_ptr<Tunnel>> Tunnel::Open(const TunnelSpec& spec) {
  static std::mutex mutex;
  static std::map<std::string, std::weak_ptr<Tunnel>> open;
  TRY_STATUS(Check(spec));
  std::shared_ptr<Tunnel> tunnel;
  {
    const std::scoped_lock lock(mutex);
    std::weak_ptr<Tunnel>& known = open[KeyOf(spec)];
    tunnel = known.lock();
    if (tunnel == nullptr) known = tunnel = std::make_shared<Tunnel>(Passkey());
  }
  TRY_STATUS(tunnel->Ensure(spec));
  return tunnel;
}

Tunnel::~Tunnel() {
  Stop();
}

int Tunnel::port() const {
  const std::scoped_lock lock(mutex_);
  return port_;
}

std::string Tunnel::last_words() const {
  const std::scoped_lock lock(mutex_);
  return command_ ? LastWords(command_->errors()) : "";
}

pid_t Tunnel::group() const {
  const std::scoped_lock lock(mutex_);
  return command_ ? command_->group() : -1;
}

Status Tunnel::Ensure(const TunnelSpec& spec) {
  const std::scoped_lock one_at_a_time(ensure_mutex_);
  {
    const std::scoped_lock lock(mutex_);
    if (command_ && !command_->Ended() && IsListening(port_)) return {};
  }
  for (int attempt = 1;; ++attempt) {
    Stop();
    TRY_STATUS(Start(spec));
    const Status ready = Await(spec);
    const bool taken = last_words().find("in use") != std::string::npos;
    if (ready || !taken || attempt == kAttemptsMax) {
      if (!ready) Stop();
      return ready;
    }
  }
}

Status Tunnel::Start(const TunnelSpec& spec) {
  TRY(const int port, FreePort());
  auto command = ShellCommand::Start(CommandText(spec, port));
  if (!command) return Annotate(command.error(), "tunnel");
  {
    const std::scoped_lock lock(mutex_);
    command_ = *std::move(command);
    port_ = port;
    stopping_ = false;
  }
  watcher_ = std::thread([this] { Watch(); });
  return {};
}

Status Tunnel::Await(const TunnelSpec& spec) {
  const double end_s = MonotonicSeconds() + spec.timeout_s;
  while (true) {
    std::optional<int> ended;
    {
      const std::scoped_lock lock(mutex_);
      ended = command_->Ended();
      if (ended) command_->Pump(0);
    }
    if (!ended && IsListening(port())) return {};
    if (!ended && MonotonicSeconds() < end_s) {
      std::this_thread::sleep_for(kStep);
      continue;
    }
    const std::string words = last_words().empty() ? "" : ": " + last_words();
    if (!ended) {
      return FailWithHint(
          Code::kUnavailable,
          fmt::format(
              "the tunnel did not listen on port {} within {} s{}", port(), spec.timeout_s, words),
          kWhere);
    }
    if (*ended == 0) {
      return FailWithHint(Code::kUnavailable,
                          "the tunnel's command ended at once, without an error" + words,
                          "it must stay in the foreground as long as the tunnel is needed (ssh -N, "
                          "and not -f)");
    }
    return FailWithHint(Code::kUnavailable,
                        fmt::format("the tunnel's command ended with status {}{}", *ended, words),
                        kWhere);
  }
}

void Tunnel::Stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  if (watcher_.joinable()) watcher_.join();
  std::unique_ptr<ShellCommand> command;
  {
    const std::scoped_lock lock(mutex_);
    command = std::move(command_);
  }
}

void Tunnel::Watch() {
  while (true) {
    {
      const std::scoped_lock lock(mutex_);
      if (stopping_) return;
      command_->Pump(0);
    }
    std::this_thread::sleep_for(kStep);
  }
}

}  // namespace kura::sync
