// base/result.h: how the world's failures travel. A Result<T> is a T or an Error; dropping one does
// not compile. The user's mistakes are Diagnostics (base/diagnostics.h), ours are ENSURE
// (base/ensure.h).
#pragma once
#include <fmt/core.h>

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace kura {

/// What a caller can do about an error: exit codes, HTTP status and retries depend on it alone.
enum class Code { kInvalid, kNotFound, kDenied, kConflict, kUnavailable, kInternal };

/// One failure: `message` says what happened in lower case, without a full stop; `hint` (may be
/// empty) says what to do, one line per step.
struct Error {
  Code code = Code::kInternal;
  std::string message;
  std::string hint;
};

/// A value or an Error. Derived from tl::expected, which does not warn when it is dropped.
template <typename T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
 public:
  using tl::expected<T, Error>::expected;
};

/// A Result without a value.
using Status = Result<void>;

/// Makes an error from a format string and its arguments.
template <typename... Args>
tl::unexpected<Error> Fail(Code code, fmt::format_string<Args...> format, Args&&... args) {
  return tl::make_unexpected(
      Error{code, fmt::format(format, std::forward<Args>(args)...), std::string()});
}

/// Makes an error that also says what to do.
inline tl::unexpected<Error> FailWithHint(Code code, std::string message, std::string hint) {
  return tl::make_unexpected(Error{code, std::move(message), std::move(hint)});
}

/// Puts what we were doing in front of an error: "loading 500 rows into orders: connection lost".
template <typename... Args>
tl::unexpected<Error> Annotate(Error error, fmt::format_string<Args...> format, Args&&... args) {
  error.message = fmt::format(format, std::forward<Args>(args)...) + ": " + error.message;
  return tl::make_unexpected(std::move(error));
}

/// Names a code as logs and the API show it: "not_found".
std::string_view CodeName(Code code);

}  // namespace kura

#define KURA_CONCAT_INNER(a, b) a##b
#define KURA_CONCAT(a, b) KURA_CONCAT_INNER(a, b)

/// TRY(Table table, warehouse.Open(name)): the value, or return the error to the caller.
#define TRY(declaration, ...) TRY_IMPL(KURA_CONCAT(kura_try_, __LINE__), declaration, __VA_ARGS__)
#define TRY_IMPL(temporary, declaration, ...)                               \
  auto temporary = (__VA_ARGS__);                                           \
  if (!temporary) return tl::make_unexpected(std::move(temporary).error()); \
  declaration = *std::move(temporary)

/// TRY_STATUS(Flush()): go on, or return the error to the caller.
#define TRY_STATUS(...)                                                           \
  do {                                                                            \
    auto kura_status = (__VA_ARGS__);                                             \
    if (!kura_status) return tl::make_unexpected(std::move(kura_status).error()); \
  } while (false)
