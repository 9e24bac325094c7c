// A message is four bytes of length and JSON; the first one carries the sender's stdout and stderr.
// The socket is reached through its folder's descriptor: an address holds 107 bytes, paths more.
#include "cli/command_socket.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <list>
#include <nlohmann/json.hpp>
#include <thread>

#include "base/file.h"
#include "cli/command_line.h"
#include "cli/interrupt.h"
#include "project/project.h"

namespace kura::cli {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMessageBytesMax = 4U << 20U;
constexpr int kPollMilliseconds = 50;
constexpr std::size_t kCommandsMax = 16;
constexpr int kNobody = -1;
// What a command looks at besides its arguments.
constexpr std::array kVariables = {
    "KURA_NOW", "KURA_LANG", "LC_ALL", "LC_MESSAGES", "LANG", "NO_COLOR"};

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int raw) : raw_(raw) {}
  Descriptor(Descriptor&& other) noexcept : raw_(std::exchange(other.raw_, kNobody)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(raw_, other.raw_);
    return *this;
  }
  ~Descriptor() {
    if (raw_ >= 0) ::close(raw_);
  }
  int get() const { return raw_; }
  int Release() { return std::exchange(raw_, kNobody); }

 private:
  int raw_ = kNobody;
};

// The address of kura.sock in `folder`, which must stay open while it is used.
sockaddr_un AddressIn(const Descriptor& folder) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  const std::string path = fmt::format("/proc/self/fd/{}/kura.sock", folder.get());
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return address;
}

Descriptor OpenFolder(const std::string& project_folder) {
  const std::string path = JoinPath(project_folder, ".kura");
  return Descriptor(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
}

bool SendAll(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

std::string Framed(const Json& json) {
  const std::string text = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  std::string frame(4, '\0');
  const auto size = static_cast<std::uint32_t>(text.size());
  std::memcpy(frame.data(), &size, sizeof size);
  return frame + text;
}

// The first bytes of a message with the two descriptors.
bool SendWithTerminal(int socket, std::string_view frame) {
  char byte = frame.front();
  iovec part = {&byte, 1};
  const int files[2] = {STDOUT_FILENO, STDERR_FILENO};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof files)] = {};
  msghdr message = {};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof files);
  std::memcpy(CMSG_DATA(header), files, sizeof files);
  return ::sendmsg(socket, &message, MSG_NOSIGNAL) == 1 && SendAll(socket, frame.substr(1));
}

bool ReceiveAll(int socket, char* out, std::size_t size) {
  while (size > 0) {
    const ssize_t got = ::recv(socket, out, size, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    out += got;
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

// The first byte and the descriptors that come with it.
bool ReceiveTerminal(int socket, char* byte, Descriptor* out, Descriptor* err) {
  iovec part = {byte, 1};
  int files[2] = {kNobody, kNobody};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof files)] = {};
  msghdr message = {};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  if (::recvmsg(socket, &message, MSG_CMSG_CLOEXEC) != 1) return false;
  const cmsghdr* header = CMSG_FIRSTHDR(&message);
  if (header == nullptr || header->cmsg_type != SCM_RIGHTS ||
      header->cmsg_len != CMSG_LEN(sizeof files)) {
    return false;
  }
  std::memcpy(files, CMSG_DATA(header), sizeof files);
  *out = Descriptor(files[0]);
  *err = Descriptor(files[1]);
  return true;
}

// A whole message whose first `have` bytes are in `head` already; nothing when it is none.
std::optional<Json> ReceiveJson(int socket, char* head, std::size_t have) {
  if (!ReceiveAll(socket, head + have, 4 - have)) return std::nullopt;
  std::uint32_t size = 0;
  std::memcpy(&size, head, sizeof size);
  if (size > kMessageBytesMax) return std::nullopt;
  std::string text(size, '\0');
  if (!ReceiveAll(socket, text.data(), text.size())) return std::nullopt;
  Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  return json;
}

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

File Writing(Descriptor descriptor) {
  return File(::fdopen(descriptor.Release(), "w"));
}

// One command of somebody else, on a thread of its own.
class Visitor {
 public:
  Visitor(Descriptor socket, std::string folder, warehouse::Warehouse& warehouse,
          const std::function<void()>& after)
      : socket_(std::move(socket)),
        folder_(std::move(folder)),
        warehouse_(warehouse),
        after_(after),
        thread_([this] { Serve(); }) {}
  ~Visitor() {
    Interrupt();
    Wait();
  }
  Visitor(const Visitor&) = delete;
  Visitor& operator=(const Visitor&) = delete;

  bool ended() const { return ended_; }
  void Interrupt() {
    gone_ = true;
    ::shutdown(socket_.get(), SHUT_RDWR);
  }
  void Wait() {
    if (thread_.joinable()) thread_.join();
  }

 private:
  void Serve() {
    char head[4] = {};
    Descriptor out;
    Descriptor err;
    std::optional<Json> request;
    if (ReceiveTerminal(socket_.get(), head, &out, &err)) {
      request = ReceiveJson(socket_.get(), head, 1);
    }
    if (request) Answer(*request, Writing(std::move(out)), Writing(std::move(err)));
    ended_ = true;
  }

  void Answer(const Json& request, File out, File err) {
    if (!out || !err) return;
    const std::string version = request.value("version", "");
    if (version != kVersion) {
      (void)SendAll(socket_.get(), Framed({{"version", kVersion}}));
      return;
    }
    (void)std::setvbuf(err.get(), nullptr, _IOLBF, 0);  // as stderr of a program
    Terminal terminal;
    terminal.out = out.get();
    terminal.err = err.get();
    terminal.is_ours = false;
    terminal.gone = &gone_;
    terminal.warehouse = &warehouse_;
    for (const char* name : kVariables) {
      const std::string value = request.value(name, "");
      if (!value.empty()) terminal.variables[name] = value;
    }
    std::vector<std::string> arguments = {"--project", folder_};
    for (const Json& argument : request.value("arguments", Json::array())) {
      if (argument.is_string()) arguments.push_back(argument.get<std::string>());
    }
    if (!SendAll(socket_.get(), Framed({{"started", true}}))) return;
    std::thread watch([this] { WatchSender(); });
    int code = kExitBug;
    {
      const TerminalScope scope(&terminal);
      code = RunCommandLine(arguments, false);
    }
    std::fflush(out.get());
    std::fflush(err.get());
    done_ = true;
    watch.join();
    after_();
    (void)SendAll(socket_.get(), Framed({{"exit", code}}));
  }

  // The sender sends nothing more: what can be read is its end.
  void WatchSender() {
    pollfd one = {socket_.get(), POLLIN, 0};
    while (!done_ && !gone_) {
      if (::poll(&one, 1, kPollMilliseconds) > 0) gone_ = true;
    }
  }

  Descriptor socket_;
  const std::string folder_;
  warehouse::Warehouse& warehouse_;
  const std::function<void()>& after_;
  std::atomic<bool> gone_ = false;   // the sender
  std::atomic<bool> done_ = false;   // the command
  std::atomic<bool> ended_ = false;  // this
  std::thread thread_;
};

class Listening : public CommandSocket {
 public:
  Listening(Descriptor socket, std::string folder, warehouse::Warehouse& warehouse,
            SocketOptions options)
      : socket_(std::move(socket)),
        folder_(std::move(folder)),
        warehouse_(warehouse),
        options_(std::move(options)),
        thread_([this] { Accept(); }) {}
  ~Listening() override {
    stopped_ = true;
    thread_.join();
    for (const auto& visitor : visitors_) {
      if (options_.waits_at_end) visitor->Wait();
    }
    visitors_.clear();
    (void)::unlink(JoinPath(folder_, ".kura/kura.sock").c_str());
  }

 private:
  void Accept() {
    pollfd one = {socket_.get(), POLLIN, 0};
    while (!stopped_) {
      std::erase_if(visitors_, [](const auto& visitor) { return visitor->ended(); });
      if (visitors_.size() >= kCommandsMax) {
        std::this_thread::sleep_for(std::chrono::milliseconds(kPollMilliseconds));
        continue;
      }
      if (::poll(&one, 1, kPollMilliseconds) <= 0) continue;
      Descriptor socket(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (socket.get() < 0) continue;
      visitors_.push_back(
          std::make_unique<Visitor>(std::move(socket), folder_, warehouse_, options_.after));
    }
  }

  Descriptor socket_;
  const std::string folder_;
  warehouse::Warehouse& warehouse_;
  const SocketOptions options_;
  std::atomic<bool> stopped_ = false;
  std::list<std::unique_ptr<Visitor>> visitors_;  // of the accepting thread
  std::thread thread_;
};

Descriptor ConnectTo(const std::string& project_folder) {
  const Descriptor folder = OpenFolder(project_folder);
  if (folder.get() < 0) return {};
  const sockaddr_un address = AddressIn(folder);
  Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return {};
  }
  return socket;
}

// The owner knows its own folder, and a relative one would mean another there.
std::vector<std::string> WithoutProject(const std::vector<std::string>& arguments) {
  std::vector<std::string> rest;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] == "--project") {
      ++i;
    } else if (!arguments[i].starts_with("--project=")) {
      rest.push_back(arguments[i]);
    }
  }
  return rest;
}

int OtherVersion(const Globals& globals, const std::string& version) {
  return ReportError(
      globals,
      {Code::kConflict,
       fmt::format("the warehouse is in use by kura {}, and this is kura {}", version, kVersion),
       "use the same version, or stop the other one"});
}

}  // namespace

Result<std::unique_ptr<CommandSocket>> CommandSocket::Listen(const std::string& folder,
                                                             warehouse::Warehouse& warehouse,
                                                             SocketOptions options) {
  const Descriptor parent = OpenFolder(folder);
  const sockaddr_un address = AddressIn(parent);
  Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  // The lock is ours, so a socket that is there is what a killed process left.
  (void)::unlink(address.sun_path);
  const mode_t usual = ::umask(0077);
  const bool bound =
      ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  (void)::umask(usual);
  if (!bound || ::listen(socket.get(), static_cast<int>(kCommandsMax)) != 0) {
    return Fail(Code::kUnavailable, "cannot listen on .kura/kura.sock: {}", std::strerror(errno));
  }
  return std::unique_ptr<CommandSocket>(
      std::make_unique<Listening>(std::move(socket), folder, warehouse, std::move(options)));
}

std::optional<int> SendCommand(const Globals& globals, const std::vector<std::string>& arguments) {
  const Result<std::string> folder = project::Project::FindFolder(globals.project);
  if (!folder) return std::nullopt;
  const Descriptor socket = ConnectTo(*folder);
  if (socket.get() < 0) return std::nullopt;
  Json request = {{"version", kVersion}, {"arguments", WithoutProject(arguments)}};
  for (const char* name : kVariables) request[name] = Variable(name);
  if (!SendWithTerminal(socket.get(), Framed(request))) return std::nullopt;
  const InterruptWatcher watcher([&socket] { ::shutdown(socket.get(), SHUT_WR); });
  char head[4] = {};
  std::optional<Json> answer = ReceiveJson(socket.get(), head, 0);
  if (!answer) return std::nullopt;  // The owner was about to end: it ran nothing.
  if (answer->contains("started")) answer = ReceiveJson(socket.get(), head, 0);
  if (!answer) {
    return ReportError(globals,
                       {Code::kUnavailable,
                        "the kura that owns the warehouse ended before it was done",
                        "run this again"});
  }
  if (answer->contains("version")) return OtherVersion(globals, answer->value("version", ""));
  return answer->value("exit", static_cast<int>(kExitBug));
}

}  // namespace kura::cli
