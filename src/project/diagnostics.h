// project/diagnostics.h: the kinds of mistakes in kura.yaml, by name.
#pragma once
#include <string_view>

namespace kura::project {

#define KURA_DIAGNOSTIC(name, id) inline constexpr std::string_view name = id;
#include "project/diagnostics.def"
#undef KURA_DIAGNOSTIC

}  // namespace kura::project
