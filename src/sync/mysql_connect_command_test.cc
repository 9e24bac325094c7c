// Passwords from files and commands, and tunnels: read anew each time, started, watched, ended, and
// never told to anybody.
#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "sync/mysql_connect_test.h"
#include "sync/secret.h"

namespace kura::sync {
namespace {

using testing::Contains;
using testing::RefusedBy;
using testing::Shell;
using testing::TestServer;
using testing::WordsOf;

constexpr const char* kSentinel = "sentinel-8c41";

void Write(const std::string& path, const std::string& text) {
  const Status written = WriteFile(path, text);
  REQUIRE(written);
}

// Tells whether a process of this number, or of this group when it is negative, still runs. Whoever
// has died but waits for its parent (in a container, often for good) does not run.
bool Runs(int number) {
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    std::ifstream file(entry.path() / "stat");
    std::string pid, name, state, parent, group;
    if (!(file >> pid >> name >> state >> parent >> group) || state == "Z") continue;
    if (std::to_string(number) == pid || std::to_string(-number) == group) return true;
  }
  return false;
}

// The kernel takes a moment to end whoever it was told to end.
bool HasEnded(int number) {
  for (int i = 0; i < 300 && Runs(number); ++i) usleep(10'000);
  return !Runs(number);
}

MysqlConfig ByCommand(const std::string& command) {
  MysqlConfig config;
  config.password_command = command;
  return config;
}

TEST_CASE("a password file is read again at each connection") {
  const testing::TestFolder folder;
  TestServer::Get().Create("connect_rotation");
  MysqlConfig config = TestServer::Get().Reader("connect_rotation");
  config.user = "rotating";
  config.password_file = folder.path() + "/password";
  const auto admin = TestServer::Get().Admin();
  TestServer::Run(*admin, "CREATE OR REPLACE USER rotating@'127.0.0.1' IDENTIFIED BY 'first'");
  TestServer::Run(*admin, "GRANT SELECT ON connect_rotation.* TO rotating@'127.0.0.1'");
  Write(config.password_file, "first\n");
  CHECK(MysqlConnection::Open(config));
  TestServer::Run(*admin, "SET PASSWORD FOR rotating@'127.0.0.1' = PASSWORD('second')");
  const Error stale = RefusedBy(config);
  CHECK(stale.code == Code::kDenied);
  CHECK(Contains(stale.hint, "the password in " + config.password_file));
  Write(config.password_file, "second\r\n");
  CHECK(MysqlConnection::Open(config));
  config.password_command = "echo second";
  config.password_file = "/no/such/file";
  CHECK(MysqlConnection::Open(config));
}

TEST_CASE("a password file that is missing or empty is an error") {
  const testing::TestFolder folder;
  MysqlConfig config;
  config.password_file = folder.path() + "/none";
  CHECK(Contains(ReadPassword(config).error().message, "password_file: "));
  Write(config.password_file, "\n");
  const auto empty = ReadPassword(config);
  REQUIRE_FALSE(empty);
  CHECK(empty.error().code == Code::kInvalid);
  CHECK(empty.error().message == "password_file: " + config.password_file + " is empty");
}

TEST_CASE("a password command's output is the password, without its line break") {
  CHECK(ReadPassword(ByCommand("printf 'a b'")).value() == "a b");
  CHECK(ReadPassword(ByCommand("echo ' x '; echo noise >&2")).value() == " x ");
  const auto twice = ByCommand("date +%N");
  CHECK(ReadPassword(twice).value() != ReadPassword(twice).value());
}

TEST_CASE("a password command that fails says why, and never what it printed") {
  const auto failed =
      ReadPassword(ByCommand(std::string("echo ") + kSentinel + "; echo 'vault: token of " +
                             kSentinel + " has expired' >&2; exit 3"));
  REQUIRE_FALSE(failed);
  CHECK(failed.error().code == Code::kUnavailable);
  CHECK(failed.error().message ==
        "password_command failed with status 3: vault: token of … has expired");
  CHECK_FALSE(Contains(WordsOf(failed.error()), kSentinel));
  const auto missing = ReadPassword(ByCommand("no-such-command-here"));
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code == Code::kInvalid);
  CHECK(Contains(missing.error().message, "status 127"));
  CHECK(Contains(missing.error().hint, "kura.local.yaml"));
  const auto silent = ReadPassword(ByCommand("true"));
  REQUIRE_FALSE(silent);
  CHECK(silent.error().message == "password_command printed no password");
}

TEST_CASE("a password command has a time limit, and nothing of it is left") {
  const testing::TestFolder folder;
  const std::string marker = folder.path() + "/pid";
  const auto late = ReadPassword(
      ByCommand(std::string("printf ") + kSentinel + "; sleep 60 & echo $! > " + marker + "; wait"),
      0.3);
  REQUIRE_FALSE(late);
  CHECK(late.error().code == Code::kUnavailable);
  CHECK(late.error().message == "password_command did not end within 0.3 s");
  CHECK_FALSE(Contains(WordsOf(late.error()), kSentinel));
  const int child = std::atoi(ReadFile(marker).value_or("0").c_str());
  REQUIRE(child > 1);
  CHECK(HasEnded(child));
}

// A forwarder that needs no ssh: it passes one port's connections to another.
std::string Forward(int to_port, const std::string& more = "") {
  return "exec perl -MIO::Socket::INET -MIO::Select -e '$SIG{CHLD}=\"IGNORE\";" + more +
         "$l=IO::Socket::INET->new(LocalAddr=>\"127.0.0.1\",LocalPort=>$ARGV[0],Listen=>9,"
         "ReuseAddr=>1) or die \"bind: $!\";while($c=$l->accept){next if fork;"
         "$s=IO::Socket::INET->new(PeerAddr=>\"127.0.0.1\",PeerPort=>$ARGV[1]) or die \"no way\";"
         "$q=IO::Select->new($c,$s);while(@r=$q->can_read){for(@r){exit unless "
         "sysread($_,$b,65536);"
         "$o=$_==$c?$s:$c;syswrite($o,$b)}}exit}' {port} " +
         std::to_string(to_port);
}

MysqlConfig Tunnelled(const std::string& command) {
  MysqlConfig config = TestServer::Get().Reader("connect_tunnel");
  config.host = "db.internal";  // Only the far end of the tunnel knows it.
  config.port = 3306;
  config.tunnel_command = command;
  return config;
}

int ServerPort() {
  static const bool made = [] {
    TestServer::Get().Create("connect_tunnel");
    return true;
  }();
  REQUIRE(made);
  return TestServer::Get().Reader("connect_tunnel").port;
}

TEST_CASE("a tunnel is started, shared, started again when it has died, and ended") {
  const MysqlConfig config = Tunnelled(Forward(ServerPort()));
  auto first = MysqlConnection::Open(config);
  REQUIRE_MESSAGE(first.has_value(), WordsOf(first.error()));
  const std::shared_ptr<Tunnel> tunnel = (*first)->tunnel();
  const pid_t group = tunnel->group();
  CHECK((*first)->Query("SELECT 1"));
  {
    const auto second = MysqlConnection::Open(config);
    REQUIRE(second);
    CHECK((*second)->tunnel() == tunnel);
    CHECK(tunnel->group() == group);
  }
  kill(-group, SIGKILL);
  REQUIRE(HasEnded(-group));
  const auto after = MysqlConnection::Open(config);
  REQUIRE_MESSAGE(after.has_value(), WordsOf(after.error()));
  CHECK((*after)->tunnel() == tunnel);
  const pid_t next = tunnel->group();
  CHECK(next != group);
  CHECK((*after)->Query("SELECT 1"));
  CHECK(Runs(-next));
  CHECK_FALSE((*first)->Query("SELECT 1"));
  CHECK((*first)->lost());
}

TEST_CASE("nothing of a tunnel is left when the last connection is closed") {
  pid_t group = 0;
  {
    const auto connection = MysqlConnection::Open(Tunnelled(Forward(ServerPort())));
    REQUIRE(connection);
    group = (*connection)->tunnel()->group();
    CHECK(Runs(-group));
  }
  CHECK(HasEnded(-group));
}

TEST_CASE("a tunnel that ends says so with its own words") {
  const Error error = RefusedBy(Tunnelled(
      "echo 'Warning: Permanently added' >&2; echo 'bastion: Permission denied (publickey).' >&2; "
      "exit 255; : {port}"));
  CHECK(error.code == Code::kUnavailable);
  CHECK(error.message ==
        "the tunnel's command ended with status 255: Warning: Permanently added; bastion: "
        "Permission denied (publickey).");
  CHECK(Contains(error.hint, "kura.local.yaml"));
  const Error background = RefusedBy(Tunnelled("true {port}"));
  CHECK(background.message == "the tunnel's command ended at once, without an error");
  CHECK(Contains(background.hint, "foreground"));
}

TEST_CASE("a tunnel that does not listen in time is given up and ended") {
  const testing::TestFolder folder;
  const auto slow = Tunnel::Open(
      {"echo $$ > " + folder.path() + "/pid; echo connecting >&2; " + "sleep 60; : {port}",
       "db.internal",
       0.3});
  REQUIRE_FALSE(slow);
  CHECK(slow.error().code == Code::kUnavailable);
  CHECK(Contains(slow.error().message, "within 0.3 s: connecting"));
  const int group = std::atoi(ReadFile(folder.path() + "/pid").value_or("0").c_str());
  REQUIRE(group > 1);
  CHECK(HasEnded(-group));
}

TEST_CASE("a tunnel's command is checked before it runs") {
  const testing::TestFolder folder;
  const std::string marker = folder.path() + "/ran";
  CHECK(Contains(Tunnel::Open({"touch " + marker, "db"}).error().message, "does not say {port}"));
  const auto injected = Tunnel::Open({"touch " + marker + " {host} {port}", "db; touch x"});
  REQUIRE_FALSE(injected);
  CHECK(injected.error().code == Code::kInvalid);
  CHECK_FALSE(PathExists(marker));
}

TEST_CASE("a tunnel and what it started end when kura is killed") {
  const testing::TestFolder folder;
  const std::string file = folder.path() + "/group";
  const std::string command = "sleep 61 & " + ReplaceAll(Forward(ServerPort()), "exec ", "");
  const pid_t child = fork();
  if (child == 0) {  // Plays kura: it dies without a word to anybody.
    const auto tunnel = Tunnel::Open({command, "db.internal"});
    (void)WriteFile(file, tunnel ? std::to_string((*tunnel)->group()) : "0");
    kill(getpid(), SIGKILL);
  }
  REQUIRE(child > 0);
  waitpid(child, nullptr, 0);
  const int group = std::atoi(ReadFile(file).value_or("0").c_str());
  REQUIRE(group > 1);
  CHECK(HasEnded(-group));
}

TEST_CASE("certificates are checked behind a tunnel against the host, not the loopback") {
  const testing::Certificates certificates;
  certificates.Issue("DNS:db.internal");
  testing::OwnServer server("--ssl-cert=" + certificates.File("server.pem") +
                            " --ssl-key=" + certificates.File("key.pem"));
  MysqlConfig config = server.Reader();
  config.tunnel_command = Forward(config.port);
  config.host = "db.internal";
  config.tls = TlsMode::kVerify;
  config.tls_ca = certificates.File("ca.pem");
  const auto connection = MysqlConnection::Open(config);
  REQUIRE_MESSAGE(connection.has_value(), WordsOf(connection.error()));
  config.host = "db.other";
  CHECK(Contains(RefusedBy(config).message, "to db.other: its certificate is for db.internal"));
  certificates.Issue("IP:127.0.0.1,DNS:localhost");
  server.Run({"FLUSH SSL"});
  CHECK(Contains(RefusedBy(config).message, "its certificate is for 127.0.0.1, localhost"));
}

TEST_CASE("a tunnel into the void is told apart from a server") {
  const Error error = RefusedBy(Tunnelled(Forward(1)));
  CHECK(error.code == Code::kUnavailable);
  CHECK(Contains(error.message, "db.internal (through the tunnel)"));
  CHECK(Contains(error.hint, "the tunnel says: no way"));
}

}  // namespace
}  // namespace kura::sync
