// Reading URLs by hand: the grammar is small, and messages must not repeat a password.
#include "cli/source_url.h"

#include <cstdlib>

#include "base/text.h"

namespace kura::cli {
namespace {

constexpr const char* kExample = "for example  mysql://kura_reader@db.internal:3306/shop";

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string Decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size();
    const int high = escape ? HexDigit(text[i + 1]) : -1;
    const int low = escape ? HexDigit(text[i + 2]) : -1;
    if (high >= 0 && low >= 0) {
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

tl::unexpected<Error> Wrong(std::string message) {
  return FailWithHint(Code::kInvalid, "--from: " + std::move(message), kExample);
}

void ReadUser(std::string_view text, SourceUrl* url) {
  const std::size_t colon = text.find(':');
  url->mysql.user = Decode(text.substr(0, colon));
  if (colon == std::string_view::npos) return;
  url->has_password = true;
  url->password = Decode(text.substr(colon + 1));
}

// "db:3306", "[::1]:3306", "db".
Status ReadHost(std::string_view text, SourceUrl* url) {
  std::string_view port;
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos) return Wrong("the address in [ ] is not closed");
    url->mysql.host = std::string(text.substr(1, close - 1));
    if (text.substr(close + 1).starts_with(':')) port = text.substr(close + 2);
  } else {
    const std::size_t colon = text.rfind(':');
    url->mysql.host = Decode(text.substr(0, colon));
    if (colon != std::string_view::npos) port = text.substr(colon + 1);
  }
  if (port.empty()) return {};
  std::int64_t number = 0;
  if (!ParseInt(port, &number) || number < 1 || number > 65'535) {
    return Wrong("'" + std::string(port) + "' is not a port (1–65535)");
  }
  url->mysql.port = static_cast<int>(number);
  return {};
}

Status ReadOption(std::string_view pair, SourceUrl* url) {
  const std::size_t equals = std::min(pair.find('='), pair.size());
  const std::string key(pair.substr(0, equals));
  const std::string value = equals < pair.size() ? Decode(pair.substr(equals + 1)) : "";
  if (key == "socket") {
    url->mysql.socket = value;
    url->tls_chosen = true;
  } else if (key == "tls_ca") {
    url->mysql.tls_ca = value;
  } else if (key == "tls") {
    url->tls_chosen = true;
    if (value == "verify") {
      url->mysql.tls = sync::TlsMode::kVerify;
    } else if (value == "skip-verify") {
      url->mysql.tls = sync::TlsMode::kSkipVerify;
    } else if (value == "off") {
      url->mysql.tls = sync::TlsMode::kOff;
    } else {
      return Wrong("tls is verify, skip-verify or off, not '" + value + "'");
    }
  } else if (!key.empty()) {
    return Wrong("there is no option '" + key + "' (tls, tls_ca and socket are known)");
  }
  return {};
}

}  // namespace

Result<SourceUrl> ParseSourceUrl(std::string_view url) {
  const std::size_t scheme = url.find("://");
  const std::string name = ToLower(url.substr(0, std::min(scheme, url.size())));
  if (scheme == std::string_view::npos || (name != "mysql" && name != "mariadb")) {
    return Wrong("the address must begin with mysql://");
  }
  std::string_view rest = url.substr(scheme + 3);
  SourceUrl out;
  const std::size_t query = rest.find('?');
  if (query != std::string_view::npos) {
    for (const std::string_view pair : Split(rest.substr(query + 1), '&')) {
      TRY_STATUS(ReadOption(pair, &out));
    }
    rest = rest.substr(0, query);
  }
  const std::size_t slash = rest.find('/');
  if (slash == std::string_view::npos || slash + 1 == rest.size()) {
    return Wrong("the address names no database behind the host");
  }
  out.mysql.database = Decode(rest.substr(slash + 1));
  std::string_view host = rest.substr(0, slash);
  // A password may hold an @ that was not encoded: the last one counts.
  if (const std::size_t at = host.rfind('@'); at != std::string_view::npos) {
    ReadUser(host.substr(0, at), &out);
    host = host.substr(at + 1);
  }
  if (out.mysql.user.empty()) return Wrong("the address names no user in front of the host");
  TRY_STATUS(ReadHost(host, &out));
  if (out.mysql.host.empty() && out.mysql.socket.empty()) return Wrong("the address names no host");
  return out;
}

}  // namespace kura::cli
