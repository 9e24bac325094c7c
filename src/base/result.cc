// Names of error codes, and the stop on a broken invariant.
#include "base/result.h"

#include <cstdio>
#include <cstdlib>

#include "base/ensure.h"

namespace kura {

std::string_view CodeName(Code code) {
  switch (code) {
    case Code::kInvalid:
      return "invalid";
    case Code::kNotFound:
      return "not_found";
    case Code::kDenied:
      return "denied";
    case Code::kConflict:
      return "conflict";
    case Code::kUnavailable:
      return "unavailable";
    case Code::kInternal:
      return "internal";
  }
  return "internal";
}

void EnsureFailed(const char* condition, const char* file, int line) {
  std::fprintf(stderr,
               "error: a bug in kura: %s does not hold (%s:%d)\n"
               "  nothing was committed after this point; please report it with this line\n",
               condition,
               file,
               line);
  std::fflush(stderr);
  std::_Exit(70);
}

}  // namespace kura
