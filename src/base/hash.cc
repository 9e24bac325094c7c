// libsodium's SHA-256: its state is plain data, so a prefix costs one copy for each text.
#include "base/hash.h"

#include <sodium.h>

#include <cstring>
#include <vector>

#include "base/ensure.h"

namespace kura {
namespace {

std::string ToHex(const unsigned char* bytes, std::size_t size) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex(2 * size, '0');
  for (std::size_t i = 0; i < size; ++i) {
    hex[2 * i] = kDigits[bytes[i] >> 4];
    hex[2 * i + 1] = kDigits[bytes[i] & 15];
  }
  return hex;
}

const unsigned char* BytesOf(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

Sha256::Sha256(std::string_view prefix) {
  static_assert(sizeof(crypto_hash_sha256_state) <= sizeof state_);
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  crypto_hash_sha256_update(&state, BytesOf(prefix), prefix.size());
  std::memcpy(state_.data(), &state, sizeof state);
}

std::string Sha256::Hex(std::string_view text) const {
  crypto_hash_sha256_state state;
  std::memcpy(&state, state_.data(), sizeof state);
  crypto_hash_sha256_update(&state, BytesOf(text), text.size());
  std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
  crypto_hash_sha256_final(&state, hash.data());
  return ToHex(hash.data(), hash.size());
}

std::string RandomHex(std::size_t bytes) {
  ENSURE(sodium_init() >= 0);
  std::vector<unsigned char> random(bytes);
  randombytes_buf(random.data(), random.size());
  return ToHex(random.data(), random.size());
}

}  // namespace kura
