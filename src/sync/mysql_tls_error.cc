// A handshake that failed, in words that name the setting to change.
#include <string_view>

#include "base/text.h"
#include "sync/mysql_tls.h"

namespace kura::sync {
namespace {

// The page to fetch the authorities of Amazon's databases from; "" for other hosts.
std::string RdsBundle(const std::string& name) {
  const std::string host = ToLower(name);
  if (host.ends_with(".amazonaws.com.cn") && host.find(".rds.") != std::string::npos) {
    return "https://rds-truststore.s3.cn-north-1.amazonaws.com.cn/global/global-bundle.pem";
  }
  if (!host.ends_with(".rds.amazonaws.com")) return "";
  return "https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem";
}

std::string AuthorityHint(const MysqlConfig& config) {
  std::string bundle = RdsBundle(config.tls_server_name);
  if (bundle.empty()) bundle = RdsBundle(config.host);
  if (!bundle.empty()) {
    return "RDS and Aurora sign with an authority of their own, whose bundle is needed:\n  curl "
           "-O " +
           bundle + "\nthen set  tls_ca: global-bundle.pem  in kura.yaml";
  }
  return "set  tls_ca:  in kura.yaml to the PEM file of the authority that signed it (ask whoever "
         "runs the\nserver; MySQL and MariaDB often keep it as ca.pem in their data folder); "
         " tls: skip-verify  encrypts\nwithout knowing to whom";
}

}  // namespace

Error TlsError(const MysqlConfig& config, const TlsFinding& finding, const std::string& text) {
  const std::string name = config.tls_server_name.empty() ? config.host : config.tls_server_name;
  Error error{Code::kUnavailable, "no secure connection to " + name, ""};
  switch (finding.problem) {
    case TlsProblem::kUnknownAuthority:
      error.message += fmt::format(
          ": its certificate is signed by '{}', which is not among the "
          "authorities in {}",
          finding.issuer,
          AuthorityFile(config).value_or("tls_ca"));
      error.hint = AuthorityHint(config);
      return error;
    case TlsProblem::kWrongName:
      error.message += fmt::format(": its certificate is for {}", finding.names);
      error.hint =
          "use a name of the certificate as  host:, or set  tls_server_name:  to it when "
          "that is the server you mean";
      return error;
    case TlsProblem::kExpired:
      error.message +=
          fmt::format(": the certificate of {} expired on {}", finding.names, finding.date);
      error.hint =
          "the server needs a new certificate (or, when it is the authority's, tls_ca a "
          "new file); check this machine's clock too";
      return error;
    case TlsProblem::kNotYetValid:
      error.message += fmt::format(
          ": the certificate of {} is not valid before {}", finding.names, finding.date);
      error.hint = "check the clocks of both machines";
      return error;
    case TlsProblem::kOther:
      error.message += ": " + finding.detail;
      error.hint = "the server's certificate cannot be used: give it a new one";
      return error;
    case TlsProblem::kNone:
      break;
  }
  error.message += ": " + text;
  if (text.find("does not support") != std::string::npos) {
    error.hint =
        "the server offers no TLS: turn it on there (ssl_cert and ssl_key), or use a tunnel; on a "
        "network\nthat nobody else can read, set  tls: off  in kura.yaml: then password and rows "
        "cross it readable";
  } else {
    error.hint =
        "the server's TLS is older than TLS 1.2, or what answers there is no MySQL: check "
        "host and port";
  }
  return error;
}

}  // namespace kura::sync
