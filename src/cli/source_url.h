// cli/source_url.h: the address of a database on the command line:
// mysql://user[:password]@host[:port]/database, with ?tls=verify|skip-verify|off, tls_ca=FILE and
// socket=PATH behind it.
#pragma once
#include <string>
#include <string_view>

#include "base/result.h"
#include "sync/sync.h"

namespace kura::cli {

/// What a URL names.
struct SourceUrl {
  sync::MysqlConfig mysql;  // without password
  std::string password;     // that the URL holds, which others can see
  bool has_password = false;
  bool tls_chosen = false;  // the URL says how, or that a socket needs none
};

/// Reads a URL; parts may be percent-encoded. Errors: kInvalid says what is missing.
Result<SourceUrl> ParseSourceUrl(std::string_view url);

}  // namespace kura::cli
