// Rows as a server sends them, and as a hostile one would: random rows must decode to what was
// encoded; cut, stretched and bent ones must be refused or decode to something, and never be read
// beyond their end (behind which lies a page that may not be touched).
#include "sync/mysql_decode.h"

#include <doctest/doctest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <optional>
#include <random>

#include "sync/row_key.h"

namespace kura::sync {
namespace {

using sql::TypeKind;

SourceColumn Column(TypeKind kind, const char* source_type, int precision = 0, int scale = 0) {
  SourceColumn column;
  column.name = source_type;
  column.type = {kind, precision, scale};
  column.source_type = source_type;
  return column;
}

template <typename T>
std::string Native(T value) {
  std::string bytes(sizeof value, '\0');
  std::memcpy(bytes.data(), &value, sizeof value);
  return bytes;
}

// A length-encoded text.
std::string Sized(std::string_view text) {
  if (text.size() < 251) return std::string(1, static_cast<char>(text.size())) + std::string(text);
  if (text.size() < 65536) {
    return "\xFC" + Native(static_cast<std::uint16_t>(text.size())) + std::string(text);
  }
  return "\xFD" + Native(static_cast<std::uint32_t>(text.size())).substr(0, 3) + std::string(text);
}

using Values = std::vector<std::optional<std::string>>;  // encoded

std::string Packet(const Values& values) {
  std::string nulls((values.size() + 9) / 8, '\0');
  std::string rest;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i]) rest += *values[i];
    if (!values[i]) nulls[(i + 2) / 8] |= static_cast<char>(1 << ((i + 2) % 8));
  }
  return std::string(1, '\0') + nulls + rest;
}

// Bytes whose end is the end of what this process may read.
class Guarded {
 public:
  Guarded() : page_(static_cast<std::size_t>(sysconf(_SC_PAGESIZE))), size_(64 * page_) {
    void* memory =
        mmap(nullptr, size_ + page_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    REQUIRE(memory != MAP_FAILED);
    begin_ = static_cast<unsigned char*>(memory);
    REQUIRE(mprotect(begin_ + size_, page_, PROT_NONE) == 0);
  }
  ~Guarded() { munmap(begin_, size_ + page_); }
  Guarded(const Guarded&) = delete;
  Guarded& operator=(const Guarded&) = delete;

  const unsigned char* Put(std::string_view bytes) {
    REQUIRE(bytes.size() <= size_);
    unsigned char* at = begin_ + size_ - bytes.size();
    std::memcpy(at, bytes.data(), bytes.size());
    return at;
  }

 private:
  const std::size_t page_;
  const std::size_t size_;
  unsigned char* begin_ = nullptr;
};

// What one packet decodes to, as text; nothing when it is refused.
std::optional<std::string> Decoded(const std::vector<SourceColumn>& columns,
                                   std::string_view packet) {
  static Guarded guarded;
  std::vector<sql::Type> types;
  for (const SourceColumn& column : columns) types.push_back(column.type);
  warehouse::Batch batch(types);
  RowDecoder decoder(columns, {});
  decoder.Begin(&batch);
  const bool is_row = decoder.Row(guarded.Put(packet), packet.size());
  decoder.End();
  REQUIRE(batch.rows == (is_row ? 1 : 0));
  if (!is_row) return std::nullopt;
  std::vector<std::size_t> all;
  for (std::size_t i = 0; i < columns.size(); ++i) all.push_back(i);
  return RowKey({&columns, &all, &batch, 0});
}

std::optional<std::string> One(const SourceColumn& column, const std::string& value) {
  return Decoded({column}, Packet({value}));
}

std::string Clock(unsigned hours, unsigned minutes, unsigned seconds) {
  return {static_cast<char>(hours), static_cast<char>(minutes), static_cast<char>(seconds)};
}

std::string Day(unsigned year, unsigned month, unsigned day) {
  return Native(static_cast<std::uint16_t>(year)) + static_cast<char>(month) +
         static_cast<char>(day);
}

TEST_CASE("decimals: digits, signs and zeros, and nothing else") {
  const SourceColumn small = Column(TypeKind::kDecimal, "decimal(4,2)", 4, 2);
  const SourceColumn wide = Column(TypeKind::kDecimal, "decimal(38,10)", 38, 10);
  const std::string nines(28, '9');
  CHECK(One(small, Sized("-99.99")) == "-99.99");
  CHECK(One(small, Sized("0.05")) == "0.05");
  CHECK(One(small, Sized("0012.5")) == "12.50");
  CHECK(One(small, Sized("-.5")) == "-0.50");
  CHECK(One(wide, Sized("-" + nines + ".9999999999")) == "-" + nines + ".9999999999");
  CHECK(One(wide, Sized("1")) == "1.0000000000");
  CHECK(One(wide, Sized("123456789012345678.0000000001")) == "123456789012345678.0000000001");
  for (const char* bad : {"", "-", "100.00", "1.234", "1e2", "1.2.3", " 1", "--1", "1,0", "x"}) {
    CAPTURE(bad);
    CHECK(!One(small, Sized(bad)));
  }
  CHECK(!One(wide, Sized(nines + "9")));
}

TEST_CASE("times of day, days and signs have limits") {
  const SourceColumn time = Column(TypeKind::kInterval, "time(6)");
  const auto value = [](char sign, std::uint32_t days, const std::string& clock) {
    return Sized(sign + Native(days) + clock);
  };
  CHECK(One(time, value(1, 34, Clock(22, 59, 59))) == "-838:59:59");
  CHECK(One(time, value(0, 0, Clock(1, 2, 3) + Native(std::uint32_t{4}))) == "01:02:03.000004");
  CHECK(One(time, Sized("")) == "00:00:00");
  CHECK(!One(time, value(2, 0, Clock(1, 2, 3))));
  CHECK(!One(time, value(0, 35, Clock(1, 2, 3))));
  CHECK(!One(time, value(0, 1, Clock(24, 0, 0))));
  CHECK(!One(time, value(0, 1, Clock(0, 60, 0))));
  CHECK(!One(time, value(0, 1, Clock(0, 0, 0) + Native(std::uint32_t{1'000'000}))));
  CHECK(!One(time, Sized("abc")));
}

TEST_CASE("dates: what MySQL can store is NULL or a day, what it cannot is refused") {
  const SourceColumn date = Column(TypeKind::kDate, "date");
  const SourceColumn datetime = Column(TypeKind::kTimestamp, "datetime(6)");
  CHECK(One(date, Sized(Day(9999, 12, 31))) == "9999-12-31");
  CHECK(One(date, Sized("")) == "NULL");
  CHECK(One(date, Sized(Day(2024, 2, 30))) == "NULL");
  CHECK(One(date, Sized(Day(2024, 0, 31))) == "NULL");
  CHECK(!One(date, Sized(Day(10000, 1, 1))));
  CHECK(!One(date, Sized(Day(2024, 13, 1))));
  CHECK(!One(date, Sized(Day(2024, 1, 32))));
  CHECK(!One(date, Sized(Day(2024, 1, 1) + Clock(0, 0, 0))));
  CHECK(One(datetime, Sized(Day(2024, 2, 29))) == "2024-02-29 00:00:00");
  CHECK(!One(datetime, Sized(Day(2024, 2, 29) + Clock(24, 0, 0))));
  CHECK(!One(datetime, Sized(Day(2024, 2, 29) + Clock(1, 0, 0) + "ab")));
}

TEST_CASE("bits, short years and lengths") {
  const SourceColumn flag = Column(TypeKind::kBoolean, "bit(1)");
  const SourceColumn bits = Column(TypeKind::kUBigInt, "bit(64)");
  const SourceColumn year = Column(TypeKind::kSmallInt, "year(2)");
  const SourceColumn bytes = Column(TypeKind::kBlob, "blob");
  CHECK(One(flag, Sized("\x01")) == "true");
  CHECK(!One(flag, Sized("\x02")));
  CHECK(One(bits, Sized(std::string(8, '\xFF'))) == "18446744073709551615");
  CHECK(!One(bits, Sized(std::string(9, '\x01'))));
  CHECK(!One(bits, Sized("")));
  CHECK(One(year, Native(std::uint16_t{69})) == "2069");
  CHECK(One(year, Native(std::uint16_t{70})) == "1970");
  CHECK(One(bytes, Sized(std::string(70'000, 'A')))->size() == 2 + 140'000);
  CHECK(!One(bytes, "\xFB"));
  CHECK(!One(bytes, "\xFF"));
  CHECK(!One(bytes, std::string("\xFE\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF") + "a"));
  CHECK(!One(bytes, Sized("a") + "b"));
  CHECK(!Decoded({bytes}, std::string("\x01\x00\x00", 3)));
  CHECK(!Decoded({bytes}, ""));
}

TEST_CASE("a batch ends by bytes too, and its texts stay in order") {
  const std::vector<SourceColumn> columns = {Column(TypeKind::kVarchar, "longtext")};
  warehouse::Batch batch({columns[0].type});
  RowDecoder decoder(columns, {});
  const std::string packet = Packet({Sized(std::string(1'000'000, 'x'))});
  for (int round = 0; round < 2; ++round) {
    decoder.Begin(&batch);
    while (!decoder.full()) {
      REQUIRE(decoder.Row(reinterpret_cast<const unsigned char*>(packet.data()), packet.size()));
    }
    decoder.End();
    CHECK(batch.rows == 5);
    CHECK(batch.columns[0].bytes.size() == 5'000'000);
    CHECK(batch.columns[0].ends.back() == 5'000'000);
  }
}

// A row of every kind of column, with values from `random`.
Values RandomValues(std::mt19937_64& random) {
  const auto below = [&](std::uint64_t limit) { return random() % limit; };
  const auto text = [&] { return Sized(std::string(below(300), static_cast<char>(below(128)))); };
  Values values = {
      text(),
      Native(static_cast<std::uint8_t>(random())),
      Native(static_cast<std::int32_t>(random())),
      Native(random()),
      Sized(fmt::format("-{}.{:02}", below(100), below(100))),
      Sized(fmt::format("{}.{:010}", random(), below(10'000'000'000))),
      Sized(Native(random()).substr(0, 1 + below(8))),
      Sized(Day(static_cast<unsigned>(below(10'000)), static_cast<unsigned>(below(13)), 30)),
      Sized(Day(2024, 2, 29) + Clock(static_cast<unsigned>(below(24)), 59, 1)),
      Sized(std::string(1, static_cast<char>(below(2))) +
            Native(static_cast<std::uint32_t>(below(35))) + Clock(1, 2, 3)),
      text()};
  for (auto& value : values) {
    if (below(5) == 0) value.reset();
  }
  return values;
}

const std::vector<SourceColumn>& RandomColumns() {
  static const std::vector<SourceColumn> columns = {
      Column(TypeKind::kVarchar, "varchar(300)"),
      Column(TypeKind::kUTinyInt, "tinyint unsigned"),
      Column(TypeKind::kInteger, "int"),
      Column(TypeKind::kBigInt, "bigint"),
      Column(TypeKind::kDecimal, "decimal(4,2)", 4, 2),
      Column(TypeKind::kDecimal, "decimal(38,10)", 38, 10),
      Column(TypeKind::kUBigInt, "bit(64)"),
      Column(TypeKind::kDate, "date"),
      Column(TypeKind::kTimestamp, "datetime"),
      Column(TypeKind::kInterval, "time"),
      Column(TypeKind::kBlob, "blob")};
  return columns;
}

TEST_CASE("bent packets are refused or decoded, and never read beyond their end") {
  const char* chosen = std::getenv("KURA_SEED");
  const std::uint64_t seed =
      chosen == nullptr ? std::random_device()() : std::strtoull(chosen, nullptr, 10);
  CAPTURE(seed);
  INFO("again with: KURA_SEED=" << seed);
  std::mt19937_64 random(seed);
  std::size_t refused = 0;
  for (int round = 0; round < 3'000; ++round) {
    const std::string packet = Packet(RandomValues(random));
    REQUIRE(Decoded(RandomColumns(), packet));
    CHECK(!Decoded(RandomColumns(), packet + '\0'));
    CHECK(!Decoded(RandomColumns(), std::string_view(packet).substr(0, random() % packet.size())));
    std::string bent = packet;
    for (std::uint64_t i = 0; i < 1 + random() % 3; ++i) {
      bent[random() % bent.size()] = static_cast<char>(random());
    }
    refused += Decoded(RandomColumns(), bent) ? 0 : 1;
  }
  CHECK(refused > 500);
}

}  // namespace
}  // namespace kura::sync
