// sync/mysql_tls.h: who the server is, decided inside the TLS handshake and before any word of the
// login. libmariadb compares the certificate with the name that it dials, which is 127.0.0.1 behind
// a tunnel; it has no option for another name, sends none to the server (SNI), and its errors do
// not say what was wrong. OpenSSL offers all of that, so we reach its handshake through hooks that
// it documents: new contexts of this thread, the handshake's start, the check of each certificate.
#pragma once
#include <mysql.h>

#include <string>

#include "base/result.h"
#include "sync/sync.h"

namespace kura::sync {

enum class TlsProblem { kNone, kUnknownAuthority, kWrongName, kExpired, kNotYetValid, kOther };

/// What was wrong with the server's certificate.
struct TlsFinding {
  TlsProblem problem = TlsProblem::kNone;
  std::string detail;  // OpenSSL's words
  std::string names;   // whom the certificate is for: "db.internal, *.db.internal"
  std::string issuer;  // who signed it
  std::string date;    // when it expired or becomes valid
};

/// Watches over one handshake, from its construction on, in the thread that constructed it.
class TlsWatch {
 public:
  /// `name` is what the certificate must be for; `verify` false only tells the server that name.
  TlsWatch(std::string name, bool verify);
  ~TlsWatch();
  TlsWatch(const TlsWatch&) = delete;
  TlsWatch& operator=(const TlsWatch&) = delete;

  const TlsFinding& finding() const { return finding_; }
  /// Tells whether the handshake came to its end: what fails later is not about certificates.
  bool completed() const { return completed_; }
  /// Tells whether it ended with a certificate that was checked and found good.
  bool verified() const;

 private:
  friend struct TlsHooks;
  std::string name_;
  bool verify_;
  bool started_ = false;
  bool completed_ = false;
  bool chain_checked_ = false;
  TlsFinding finding_;
  TlsWatch* outer_;
};

/// The file with the authorities that the server's certificate may come from: tls_ca, or the
/// machine's. Errors: kInvalid (no such file, no authority in it, none on this machine).
Result<std::string> AuthorityFile(const MysqlConfig& config);

/// Tells whether libmariadb uses the OpenSSL that we do; without that TlsWatch sees nothing.
bool TlsHooksWork();

/// The failure of a handshake in words: what was wrong, and which setting mends it. `text` is
/// libmariadb's.
Error TlsError(const MysqlConfig& config, const TlsFinding& finding, const std::string& text);

}  // namespace kura::sync
