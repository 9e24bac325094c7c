// base/hash.h: SHA-256 of texts, with a beginning that many of them share.
#pragma once
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace kura {

/// SHA-256 of a fixed prefix and a text: the prefix is taken in once. Shared between threads.
class Sha256 {
 public:
  explicit Sha256(std::string_view prefix = {});

  /// The hash of prefix ‖ text as 64 hexadecimal digits.
  std::string Hex(std::string_view text) const;

 private:
  alignas(8) std::array<std::byte, 128> state_{};
};

/// Random bytes of the system as hexadecimal digits, two for each byte.
std::string RandomHex(std::size_t bytes);

}  // namespace kura
