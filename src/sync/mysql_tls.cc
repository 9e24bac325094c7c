// The hooks of OpenSSL, the certificate's words, and the errors that name the setting to change.
#include "sync/mysql_tls.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>
#include <cstdlib>
#include <mutex>
#include <string_view>

#include "base/file.h"
#include "base/text.h"

namespace kura::sync {
namespace {

thread_local TlsWatch* current = nullptr;

// Where distributions keep their list of authorities.
constexpr std::array<const char*, 5> kSystemAuthorities = {
    "/etc/ssl/certs/ca-certificates.crt",                 // Debian, Ubuntu, Arch, Alpine
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  // Fedora, RHEL, Amazon Linux
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",  // SUSE
    "/etc/ssl/cert.pem",
};

bool IsAddress(const std::string& name) {
  std::array<unsigned char, sizeof(in6_addr)> bytes;
  return inet_pton(AF_INET, name.c_str(), bytes.data()) == 1 ||
         inet_pton(AF_INET6, name.c_str(), bytes.data()) == 1;
}

TlsProblem ProblemOf(int error) {
  switch (error) {
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
    case X509_V_ERR_CERT_UNTRUSTED:
      return TlsProblem::kUnknownAuthority;
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return TlsProblem::kWrongName;
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return TlsProblem::kExpired;
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return TlsProblem::kNotYetValid;
    default:
      return TlsProblem::kOther;
  }
}

std::string CommonName(X509_NAME* name) {
  std::array<char, 256> text = {};
  if (X509_NAME_get_text_by_NID(name, NID_commonName, text.data(), text.size()) > 0) {
    return text.data();
  }
  X509_NAME_oneline(name, text.data(), text.size());
  return text.data();
}

std::string AddressText(const ASN1_OCTET_STRING* bytes) {
  std::array<char, INET6_ADDRSTRLEN> text = {};
  const int family = ASN1_STRING_length(bytes) == 4 ? AF_INET : AF_INET6;
  if (inet_ntop(family, ASN1_STRING_get0_data(bytes), text.data(), text.size()) == nullptr) {
    return "";
  }
  return text.data();
}

// Whom a certificate is for: its alternative names, or the subject of an old one without any.
std::string NamesOf(X509* certificate) {
  std::vector<std::string> names;
  auto* list = static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
  for (int i = 0; i < sk_GENERAL_NAME_num(list); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(list, i);
    if (name->type == GEN_DNS) {
      names.emplace_back(reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.dNSName)),
                         static_cast<std::size_t>(ASN1_STRING_length(name->d.dNSName)));
    } else if (name->type == GEN_IPADD) {
      names.push_back(AddressText(name->d.iPAddress));
    }
  }
  GENERAL_NAMES_free(list);
  if (names.empty()) names.push_back(CommonName(X509_get_subject_name(certificate)));
  return Join(names, ", ");
}

std::string DateOf(const ASN1_TIME* time) {
  std::tm parts = {};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return "";
  return fmt::format("{:04}-{:02}-{:02}", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday);
}

TlsFinding Describe(X509_STORE_CTX* store) {
  const int error = X509_STORE_CTX_get_error(store);
  TlsFinding finding;
  finding.problem = ProblemOf(error);
  finding.detail = X509_verify_cert_error_string(error);
  X509* certificate = X509_STORE_CTX_get_current_cert(store);
  if (certificate == nullptr) return finding;
  finding.names = NamesOf(certificate);
  finding.issuer = CommonName(X509_get_issuer_name(certificate));
  finding.date =
      DateOf(finding.problem == TlsProblem::kNotYetValid ? X509_get0_notBefore(certificate)
                                                         : X509_get0_notAfter(certificate));
  return finding;
}

}  // namespace

struct TlsHooks {
  static void Install() {
    static std::once_flag once;
    std::call_once(once,
                   [] { SSL_CTX_get_ex_new_index(0, nullptr, &OnNewContext, nullptr, nullptr); });
  }

  // libmariadb makes a context of its own for each connection.
  static void OnNewContext(void* context, void*, CRYPTO_EX_DATA*, int, long, void*) {
    if (current != nullptr) SSL_CTX_set_info_callback(static_cast<SSL_CTX*>(context), &OnInfo);
  }

  static void OnInfo(const SSL* handle, int where, int) {
    if (current == nullptr) return;
    if ((where & SSL_CB_HANDSHAKE_DONE) != 0) current->completed_ = true;
    if ((where & SSL_CB_HANDSHAKE_START) == 0 || current->started_) return;
    current->started_ = true;
    SSL* ssl = const_cast<SSL*>(handle);  // The callback's type is older than its purpose.
    const std::string& name = current->name_;
    const bool is_address = IsAddress(name);
    if (!is_address) SSL_set_tlsext_host_name(ssl, name.c_str());
    if (!current->verify_) return;
    SSL_set_verify(ssl, SSL_VERIFY_PEER, &OnCertificate);
    X509_VERIFY_PARAM* wanted = SSL_get0_param(ssl);
    X509_VERIFY_PARAM_set_hostflags(wanted, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    const int set = is_address ? X509_VERIFY_PARAM_set1_ip_asc(wanted, name.c_str())
                               : X509_VERIFY_PARAM_set1_host(wanted, name.data(), name.size());
    if (set != 1) current->verify_ = false;  // Then verified() stays false, which is refused.
  }

  // Called for each certificate and each problem; what it returns is the verdict.
  static int OnCertificate(int good, X509_STORE_CTX* store) {
    if (current == nullptr) return good;
    if (good == 0 && current->finding_.problem == TlsProblem::kNone) {
      current->finding_ = Describe(store);
    }
    if (X509_STORE_CTX_get_error_depth(store) == 0) current->chain_checked_ = true;
    return good;
  }
};

TlsWatch::TlsWatch(std::string name, bool verify)
    : name_(std::move(name)), verify_(verify), outer_(current) {
  TlsHooks::Install();
  current = this;
}

TlsWatch::~TlsWatch() {
  current = outer_;
}

bool TlsWatch::verified() const {
  return completed_ && verify_ && chain_checked_ && finding_.problem == TlsProblem::kNone;
}

Result<std::string> AuthorityFile(const MysqlConfig& config) {
  if (!config.tls_ca.empty()) {
    if (!PathExists(config.tls_ca)) {
      return Fail(Code::kInvalid, "tls_ca: there is no file {}", config.tls_ca);
    }
    const Result<std::string> text = ReadFile(config.tls_ca);
    if (!text) return Annotate(text.error(), "tls_ca");
    if (text->find("-----BEGIN ") == std::string::npos) {
      return FailWithHint(Code::kInvalid,
                          "tls_ca: there is no certificate in " + config.tls_ca,
                          "it must hold the authority's certificate as PEM text "
                          "(-----BEGIN CERTIFICATE-----)");
    }
    return config.tls_ca;
  }
  const char* named = std::getenv("SSL_CERT_FILE");
  if (named != nullptr && PathExists(named)) return std::string(named);
  for (const char* path : kSystemAuthorities) {
    if (PathExists(path)) return std::string(path);
  }
  return FailWithHint(Code::kInvalid,
                      "this machine has no list of certificate authorities",
                      "install the package ca-certificates, or set  tls_ca:  in kura.yaml");
}

bool TlsHooksWork() {
  const char* theirs = nullptr;
  if (mariadb_get_infov(nullptr, MARIADB_TLS_LIBRARY, &theirs) != 0 || theirs == nullptr) {
    return false;
  }
  const std::string_view ours = OpenSSL_version(OPENSSL_VERSION);
  return !std::string_view(theirs).empty() && ours.starts_with(theirs);
}

}  // namespace kura::sync
