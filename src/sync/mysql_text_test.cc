// Old character sets against the server's own conversion, code by code; and what it hides.
#include "sync/mysql_text.h"

#include <doctest/doctest.h>

#include "base/text.h"
#include "sync/test_server.h"

namespace kura::sync {
namespace {

using testing::TestServer;

std::string Hex(std::string_view bytes) {
  std::string hex;
  for (const char byte : bytes) hex += fmt::format("{:02X}", static_cast<unsigned char>(byte));
  return hex;
}

std::shared_ptr<const Charset> Find(MysqlConnection& connection, const std::string& name) {
  const auto charset = FindCharset(connection, name);
  REQUIRE_MESSAGE(charset.has_value(), charset.error().message);
  return *charset;
}

// Every one-byte and two-byte sequence, and three bytes of ujis, through a column of that set:
// what the server stores there reads here as the server reads it.
void CheckAgainstServer(MysqlConnection& admin, const std::string& name) {
  TestServer::Run(admin, "CREATE OR REPLACE TABLE codes (c VARCHAR(4) CHARACTER SET " + name + ")");
  TestServer::Run(
      admin,
      "INSERT INTO codes SELECT CONVERT(x USING " + name +
          ") FROM (SELECT CHAR(a.seq, b.seq USING binary) AS x FROM seq_0_to_255 a, seq_64_to_254 "
          "b "
          "UNION ALL SELECT CHAR(a.seq USING binary) FROM seq_0_to_255 a UNION ALL SELECT "
          "CHAR(143, a.seq, b.seq USING binary) FROM seq_161_to_254 a, seq_161_to_254 b) AS t");
  const auto rows = admin.Query("SELECT HEX(c), HEX(CONVERT(c USING utf8mb4)) FROM codes");
  REQUIRE(rows.has_value());
  const auto charset = Find(admin, name);
  REQUIRE(charset != nullptr);
  std::size_t differing = 0;
  std::size_t unmapped = 0;
  for (const TextRow& row : *rows) {
    std::string bytes;
    for (std::size_t i = 0; i < row[0]->size(); i += 2) {
      bytes += static_cast<char>(std::stoi(row[0]->substr(i, 2), nullptr, 16));
    }
    std::string text;
    const std::size_t bad = charset->Append(bytes, &text);
    unmapped += bad > 0 ? 1 : 0;
    // What has no character is mostly a question mark there.
    const std::string here = ReplaceAll(Hex(text), "EFBFBD", "3F");
    if (here == ReplaceAll(*row[1], "EFBFBD", "3F")) continue;
    CHECK_MESSAGE(++differing > 3, name << " " << *row[0] << ": " << here << ", not " << *row[1]);
  }
  CHECK_MESSAGE(differing == 0, name);
  if (name == "sjis" || name == "cp1251") CHECK(unmapped > 0);  // the server says '?' to these
}

TEST_CASE("every code of every character set reads as the server reads it") {
  TestServer& server = TestServer::Get();
  server.Create("sync_charsets");
  const auto admin = server.Admin("sync_charsets");
  TestServer::Run(*admin, "SET sql_mode = ''");
  const auto names = admin->Query(
      "SELECT character_set_name FROM information_schema.character_sets WHERE "
      "character_set_name NOT IN ('binary', 'ucs2', 'utf16', 'utf16le', 'utf32') "
      "AND character_set_name NOT LIKE 'utf8%' AND character_set_name <> 'ascii'");
  REQUIRE(names.has_value());
  CHECK(names->size() >= 30);
  for (const TextRow& row : *names) CheckAgainstServer(*admin, *row[0]);
}

TEST_CASE("sjis and cp932 differ where Windows does") {
  const auto admin = TestServer::Get().Admin();
  const std::string bytes = "\x81\x60\x81\x7C\x87\x40";
  std::string windows;
  CHECK(Find(*admin, "cp932")->Append(bytes, &windows) == 0);
  CHECK(windows == "～－①");
  std::string standard;
  CHECK(Find(*admin, "sjis")->Append(bytes, &standard) == 1);
  CHECK(standard == "〜−\xEF\xBF\xBD");
}

TEST_CASE("a code that is cut short does not swallow what follows") {
  const auto admin = TestServer::Get().Admin();
  std::string text;
  CHECK(Find(*admin, "cp932")->Append("\x81,b\x81", &text) == 2);
  CHECK(text == "\xEF\xBF\xBD,b\xEF\xBF\xBD");
}

TEST_CASE("UTF-16 and UTF-32 with pairs, halves of pairs and cut ends") {
  const auto admin = TestServer::Get().Admin();
  const auto read = [&](const char* name, std::string_view bytes) {
    std::string text;
    const std::size_t bad = Find(*admin, name)->Append(bytes, &text);
    return fmt::format("{} {}", text, bad);
  };
  using std::literals::operator""sv;
  CHECK(read("utf16", "\x65\xE5\xD8\x3C\xDF\x63"sv) == "日🍣 0");
  CHECK(read("utf16le", "\xE5\x65\x3C\xD8\x63\xDF"sv) == "日🍣 0");
  CHECK(read("utf32", "\x00\x01\xF3\x63"sv) == "🍣 0");
  CHECK(read("ucs2", "\xD8\x3C\x00\x41"sv) ==
        "\xEF\xBF\xBD"
        "A 1");
  CHECK(read("utf16", "\x00\x41\x00"sv) == "A\xEF\xBF\xBD 1");
  CHECK(read("utf32", "\x00\x11\x00\x00"sv) == "\xEF\xBF\xBD 1");
}

TEST_CASE("a set whose codes cannot be listed is left to the server") {
  const auto admin = TestServer::Get().Admin();
  CHECK(Find(*admin, "gb18030") == nullptr);
  CHECK(Find(*admin, "klingon") == nullptr);
}

}  // namespace
}  // namespace kura::sync
