// sync/mysql_connect_test.h: what tests of connecting share: a server of their own with chosen
// options, and certificates made on the spot.
#pragma once
#include <cstdlib>
#include <string>

#include "sync/test_server.h"

namespace kura::sync::testing {

/// Runs a shell command that must succeed.
inline void Shell(const std::string& command) {
  REQUIRE_MESSAGE(std::system(command.c_str()) == 0, command);
}

/// Authorities and server certificates in one folder. OpenSSL needs some time for each key, so all
/// share one.
class Certificates {
 public:
  Certificates() {
    Shell("cd " + path() + " && openssl ecparam -name prime256v1 -genkey -noout -out key.pem");
    MakeAuthority("ca", "Kura Test Authority");
    MakeAuthority("other_ca", "Another Authority");
  }

  const std::string& path() const { return folder_.path(); }
  std::string File(const std::string& name) const { return path() + "/" + name; }

  /// Puts a certificate into server.pem, for the names ("DNS:db.internal,IP:127.0.0.1"), signed by
  /// `authority`, valid for `days` from now (negative: expired in 2020).
  void Issue(const std::string& names, const std::string& authority = "ca", int days = 30) const {
    const std::string name_line = "printf 'subjectAltName=" + names + "' > names.txt";
    const std::string valid = " && openssl x509 -req -in server.csr -CA " + authority +
                              ".pem -CAkey key.pem -CAcreateserial -extfile names.txt -days " +
                              std::to_string(days) + " -out server.pem 2>/dev/null";
    Shell("cd " + path() + " && " + name_line +
          " && openssl req -new -key key.pem -subj '/CN=kura test server' -out server.csr" +
          (days >= 0 ? valid : " && " + Expired(authority)));
  }

 private:
  void MakeAuthority(const std::string& file, const std::string& name) const {
    Shell("cd " + path() + " && openssl req -x509 -new -key key.pem -days 30 -subj '/CN=" + name +
          "' -out " + file + ".pem");
  }

  // `openssl x509` cannot look back; the small authority of `openssl ca` can.
  std::string Expired(const std::string& authority) const {
    return "rm -f index.txt* && touch index.txt && echo 01 > serial.txt && printf '[ca]\\n"
           "default_ca=a\\n[a]\\ndatabase=index.txt\\nserial=serial.txt\\nnew_certs_dir=.\\n"
           "default_md=sha256\\npolicy=p\\nunique_subject=no\\n[p]\\ncommonName=supplied\\n' > "
           "ca.conf && openssl ca -batch -config ca.conf -cert " +
           authority +
           ".pem -keyfile key.pem -in server.csr -extfile names.txt -startdate 20200101000000Z "
           "-enddate 20200201000000Z -out server.pem 2>/dev/null";
  }

  TestFolder folder_;
};

/// A MariaDB of its own with chosen options, beside TestServer's.
class OwnServer {
 public:
  explicit OwnServer(const std::string& options) {
    Shell("MARIADB_OPTIONS='" + options + "' " + Script() + " start " + folder_.path());
    ReadEnvironment();
  }
  ~OwnServer() { (void)!std::system((Script() + " stop " + folder_.path()).c_str()); }
  OwnServer(const OwnServer&) = delete;
  OwnServer& operator=(const OwnServer&) = delete;

  /// The reader's way over TCP.
  MysqlConfig Reader(const std::string& database = "") {
    MysqlConfig config;
    config.host = "127.0.0.1";
    config.port = std::atoi(env_["SHOP_DB_PORT"].c_str());
    config.user = env_["SHOP_DB_USER"];
    config.password = env_["SHOP_DB_PASSWORD"];
    config.database = database;
    config.tls = TlsMode::kOff;
    return config;
  }

  std::unique_ptr<MysqlConnection> Admin() {
    MysqlConfig config;
    config.socket = env_["SHOP_DB_SOCKET"];
    config.user = env_["SHOP_DB_ADMIN"];
    auto connection = MysqlConnection::Open(config);
    REQUIRE_MESSAGE(connection.has_value(), connection.error().message);
    REQUIRE((*connection)->Execute("SET SESSION TRANSACTION READ WRITE"));
    return *std::move(connection);
  }

  /// Runs statements that change things.
  void Run(const std::vector<std::string>& statements) {
    const auto admin = Admin();
    for (const std::string& sql : statements) TestServer::Run(*admin, sql);
  }

 private:
  static std::string Script() {
    const std::string here = __FILE__;
    return here.substr(0, here.rfind("/src/")) + "/scripts/mariadb";
  }

  void ReadEnvironment() {
    std::ifstream file(folder_.path() + "/env");
    for (std::string line; std::getline(file, line);) {
      const std::size_t equals = line.find('=');
      env_[line.substr(7, equals - 7)] = ReplaceAll(line.substr(equals + 1), "'", "");
    }
  }

  TestFolder folder_;
  std::map<std::string, std::string> env_;
};

/// All words of an error.
inline std::string WordsOf(const Error& error) {
  return error.message + "\n" + error.hint;
}

/// The error of a connection that must not be made.
inline Error RefusedBy(const MysqlConfig& config) {
  const auto connection = MysqlConnection::Open(config);
  REQUIRE_FALSE(connection);
  return connection.error();
}

inline bool Contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace kura::sync::testing
