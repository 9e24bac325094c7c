// SHA-256 against the vectors of FIPS 180-2, whole and split at the prefix.
#include "base/hash.h"

#include <doctest/doctest.h>

namespace kura {
namespace {

TEST_CASE("hashes are those of the standard, however the text is split") {
  CHECK(Sha256().Hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  const std::string text = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
  const std::string hash = "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1";
  for (std::size_t at = 0; at <= text.size(); ++at) {
    const Sha256 prefix(text.substr(0, at));
    CHECK(prefix.Hex(text.substr(at)) == hash);
    CHECK(prefix.Hex(text.substr(at)) == hash);
  }
}

TEST_CASE("random texts have the asked length and differ") {
  CHECK(RandomHex(32).size() == 64);
  CHECK(RandomHex(32) != RandomHex(32));
}

}  // namespace
}  // namespace kura
