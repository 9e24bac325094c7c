// base/match.h: visits a std::variant with one case per type; a forgotten case does not compile.
#pragma once
#include <utility>
#include <variant>

namespace kura {

template <typename... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};
template <typename... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

/// Calls the case that takes the variant's current type, and returns what it returns.
template <typename Variant, typename... Cases>
decltype(auto) Match(Variant&& variant, Cases&&... cases) {
  return std::visit(Overloaded{std::forward<Cases>(cases)...}, std::forward<Variant>(variant));
}

}  // namespace kura
