// sync/diagnostics.h: the kinds of mistakes in seeds/*.csv, by name.
#pragma once
#include <string_view>

namespace kura::sync {

#define KURA_DIAGNOSTIC(name, id) inline constexpr std::string_view name = id;
#include "sync/diagnostics.def"
#undef KURA_DIAGNOSTIC

}  // namespace kura::sync
