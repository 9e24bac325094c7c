// sync/type_specs_for_test.h: every column type of MariaDB 10.11 with its edge values, random ones,
// how both sides print a value so that they can be equal, and the smallest change of a value that a
// comparison must notice.
#pragma once
#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "base/text.h"

namespace kura::sync::testing {

using Random = std::mt19937_64;

inline std::uint64_t Below(Random& random, std::uint64_t limit) {
  return random() % limit;
}

/// One type. "$" stands for the column in the three expressions.
struct TypeSpec {
  std::string declared;
  std::vector<std::string> edges;               // literals of MariaDB
  std::function<std::string(Random&)> literal;  // a random one
  std::string source = "CAST($ AS CHAR)";
  std::string warehouse = "CAST($ AS VARCHAR)";
  std::string wrong = "CASE WHEN $ = 0 THEN 1 ELSE 0 END";  // of the warehouse
  bool is_number = false;                                   // the texts compare as numbers
  bool is_date = false;  // values that are no dates are NULL and counted
};

inline TypeSpec IntegerSpec(const std::string& name, int bits, bool is_unsigned) {
  const std::uint64_t top = ~std::uint64_t{0} >> (64 - bits);
  TypeSpec spec{name + (is_unsigned ? " UNSIGNED" : ""), {"0", "1"}, nullptr};
  if (is_unsigned) {
    spec.edges.insert(spec.edges.end(), {std::to_string(top), std::to_string(top / 2 + 1)});
    spec.literal = [top](Random& random) { return std::to_string(random() & top); };
    return spec;
  }
  const std::string half = std::to_string(top / 2 + 1);
  spec.edges.insert(spec.edges.end(), {"-1", "-" + half, std::to_string(top / 2)});
  spec.literal = [top](Random& random) {
    return (Below(random, 2) == 0 ? "-" : "") + std::to_string(random() & (top / 2));
  };
  return spec;
}

inline std::string Digits(Random& random, std::uint64_t count) {
  std::string digits;
  for (std::uint64_t i = 0; i < count; ++i) digits += static_cast<char>('0' + Below(random, 10));
  return digits;
}

inline TypeSpec DecimalSpec(std::size_t precision, std::size_t scale,
                            const std::string& options = "") {
  const std::string nines = std::string(precision - scale, '9') + "." + std::string(scale, '9');
  const std::string least = scale == 0 ? "1" : "0." + std::string(scale - 1, '0') + "1";
  TypeSpec spec{fmt::format("DECIMAL({},{}){}", precision, scale, options),
                {"0", nines, least, "1"},
                [=](Random& random) {
                  const bool minus = options.empty() && Below(random, 2) == 0;
                  const std::uint64_t whole = Below(random, precision - scale + 1);
                  return (minus ? "-0" : "0") + Digits(random, whole) + "." +
                         Digits(random, Below(random, scale + 1));
                }};
  if (options.empty()) spec.edges.insert(spec.edges.end(), {"-" + nines, "-" + least});
  if (!options.empty()) spec.source = "CAST($ + 0 AS CHAR)";  // ZEROFILL prints zeros in front
  spec.wrong = precision > 38 ? "$ || '0'" : "CASE WHEN $ = 0 THEN " + least + " ELSE 0 END";
  // DuckDB prints .5 when no digit can stand in front.
  if (precision == scale) {
    spec.warehouse = "regexp_replace(CAST($ AS VARCHAR), '^(-?)[.]', '\\10.')";
  }
  return spec;
}

inline TypeSpec FloatSpec(const std::string& name, std::vector<std::string> edges) {
  TypeSpec spec{name, std::move(edges), [](Random& random) {
                  return fmt::format("{}e{}",
                                     static_cast<std::int64_t>(random()),
                                     static_cast<int>(Below(random, 40)) - 40);
                }};
  // Without the sign, for which MySQL 9 drops the seventeenth digit.
  spec.source = "CONCAT(IF($ < 0, '-', ''), ABS($ + 0e0))";
  spec.warehouse = "CAST(CAST($ AS DOUBLE) AS VARCHAR)";
  spec.wrong = "nextafter($, CAST(1e30 AS FLOAT))";
  spec.is_number = true;
  return spec;
}

inline TypeSpec BitSpec(int bits) {
  const std::uint64_t top = ~std::uint64_t{0} >> (64 - bits);
  TypeSpec spec{fmt::format("BIT({})", bits),
                {"0", "1", std::to_string(top)},
                [top](Random& random) { return std::to_string(random() & top); }};
  spec.source =
      bits == 1 ? "CASE $ WHEN 1 THEN 'true' WHEN 0 THEN 'false' END" : "CAST($ + 0 AS CHAR)";
  if (bits == 1) spec.wrong = "NOT $";
  return spec;
}

// Not only days that exist: MariaDB stores February 31 and months of zero when it may.
inline std::string RandomDay(Random& random) {
  if (Below(random, 12) == 0) return "0000-00-00";
  return fmt::format("{:04}-{:02}-{:02}",
                     Below(random, 20) == 0 ? 0 : 1 + Below(random, 9999),
                     Below(random, 13),
                     Below(random, 32));
}

inline std::string RandomClock(Random& random, std::uint64_t digits) {
  const std::string fraction = digits == 0 ? "" : "." + Digits(random, digits);
  return fmt::format(
      "{:02}:{:02}:{:02}{}", Below(random, 24), Below(random, 60), Below(random, 60), fraction);
}

inline TypeSpec DateSpec() {
  TypeSpec spec{"DATE",
                {"'0001-01-01'",
                 "'1000-01-01'",
                 "'1969-12-31'",
                 "'2024-02-29'",
                 "'9999-12-31'",
                 "'0000-00-00'",
                 "'2024-00-00'",
                 "'2024-05-00'",
                 "'2024-00-05'",
                 "'0000-05-05'",
                 "'2023-02-29'",
                 "'2024-04-31'",
                 "'1900-02-29'"},
                [](Random& random) { return "'" + RandomDay(random) + "'"; }};
  spec.warehouse = "strftime($, '%Y-%m-%d')";
  spec.wrong = "CASE WHEN $ > DATE '2000-01-01' THEN $ - 1 ELSE $ + 1 END";
  spec.is_date = true;
  return spec;
}

inline std::string FractionFormat(std::uint64_t digits) {
  return digits == 0 ? "%Y-%m-%d %H:%M:%S" : "%Y-%m-%d %H:%M:%S.%f";
}

inline TypeSpec DateTimeSpec(std::uint64_t digits) {
  TypeSpec spec{fmt::format("DATETIME({})", digits),
                {"'1000-01-01 00:00:00'",
                 "'9999-12-31 23:59:59'",
                 "'1969-12-31 23:59:59.999999'",
                 "'0000-00-00 00:00:00'",
                 "'2024-02-30 12:00:00'",
                 "'2024-00-10 01:02:03.5'",
                 "'2026-11-25 04:34:10.123456'",
                 "'0001-01-01 00:00:00.000001'"},
                [=](Random& random) {
                  return "'" + RandomDay(random) + " " + RandomClock(random, digits) + "'";
                }};
  spec.source = fmt::format("CAST($ AS CHAR({}))", digits == 0 ? 19 : 26);
  if (digits > 0) spec.source = "CAST(CAST($ AS DATETIME(6)) AS CHAR)";
  spec.warehouse = "strftime($, '" + FractionFormat(digits) + "')";
  spec.wrong = digits == 0 ? "$ - INTERVAL 1 SECOND" : "$ - INTERVAL 1 MICROSECOND";
  spec.is_date = true;
  return spec;
}

inline TypeSpec TimestampSpec(std::uint64_t digits) {
  TypeSpec spec{
      fmt::format("TIMESTAMP({}) NULL", digits),
      {"'1970-01-01 00:00:01'", "'2038-01-19 03:14:07.999999'", "0", "'2024-03-10 02:30:00.5'"},
      [=](Random& random) {
        return fmt::format(
            "FROM_UNIXTIME({}.{})", 1 + Below(random, 2147483647), Digits(random, 6));
      }};
  spec.source = digits == 0 ? "CAST($ AS CHAR)" : "CAST(CAST($ AS DATETIME(6)) AS CHAR)";
  spec.warehouse = "strftime(make_timestamp(epoch_us($)), '" + FractionFormat(digits) + "')";
  spec.wrong = digits == 0 ? "$ - INTERVAL 1 SECOND" : "$ - INTERVAL 1 MICROSECOND";
  spec.is_date = true;
  return spec;
}

inline TypeSpec TimeSpec(std::uint64_t digits) {
  TypeSpec spec{fmt::format("TIME({})", digits),
                {"'838:59:59'",
                 "'-838:59:59'",
                 "'-00:00:01'",
                 "'0:0'",
                 "'25:00:00.000001'",
                 "'-00:00:00.5'",
                 "'23:59:59.999999'"},
                [=](Random& random) {
                  return fmt::format("'{}{}:{:02}:{:02}.{}'",
                                     Below(random, 2) == 0 ? "-" : "",
                                     Below(random, 838),
                                     Below(random, 60),
                                     Below(random, 60),
                                     Digits(random, 6));
                }};
  spec.source = "CAST(CAST($ AS TIME(6)) AS CHAR)";
  const std::string micros = "abs(CAST(epoch_us($) AS BIGINT))";
  spec.warehouse =
      "CASE WHEN epoch_us($) < 0 THEN '-' ELSE '' END || printf('%02d:%02d:%02d.%06d', " + micros +
      " // 3600000000, " + micros + " // 60000000 % 60, " + micros + " // 1000000 % 60, " + micros +
      " % 1000000)";
  spec.wrong = "$ + INTERVAL 1 MICROSECOND";
  return spec;
}

// Characters that are hard somewhere: quotes, controls, both backslashes, combining, wide.
inline std::string RandomText(Random& random, const std::vector<std::string>& alphabet) {
  std::string text;
  for (std::uint64_t i = Below(random, 20); i > 0; --i) {
    text += alphabet[Below(random, alphabet.size())];
  }
  return "'" + text + "'";
}

inline TypeSpec TextSpec(const std::string& declared, std::vector<std::string> alphabet) {
  TypeSpec spec{declared, {"''", "' '", "'a'"}, [alphabet](Random& random) {
                  return RandomText(random, alphabet);
                }};
  std::string all;
  for (const std::string& character : alphabet) all += character;
  spec.edges.push_back("'" + all + "'");
  spec.source = "HEX(CONVERT($ USING utf8mb4))";
  spec.warehouse = "hex(encode($))";
  spec.wrong = "$ || ' '";
  return spec;
}

inline TypeSpec BytesSpec(const std::string& declared, std::uint64_t size_max) {
  TypeSpec spec{
      declared, {"x''", "x'00'", "x'FF'", "x'00FF00'", "x'E697A5'", "'text'"}, [=](Random& random) {
        std::string hex;
        for (std::uint64_t i = Below(random, size_max + 1); i > 0; --i) {
          hex += fmt::format("{:02X}", Below(random, 256));
        }
        return "x'" + hex + "'";
      }};
  spec.source = "HEX($)";
  spec.warehouse = "hex($)";
  spec.wrong = "$ || '\\x00'::BLOB";
  return spec;
}

inline TypeSpec ChoiceSpec(const std::string& declared, std::vector<std::string> literals) {
  TypeSpec spec = TextSpec(declared, {});
  spec.edges = literals;
  spec.literal = [literals](Random& random) { return literals[Below(random, literals.size())]; };
  return spec;
}

inline TypeSpec GeometrySpec(const std::string& name, const std::string& text) {
  TypeSpec spec = BytesSpec(name, 1);
  spec.edges = {"ST_GeomFromText('" + text + "')", "ST_GeomFromText('" + text + "', 4326)"};
  spec.literal = [text](Random& random) {
    return fmt::format("ST_GeomFromText('{}', {})", text, Below(random, 2) == 0 ? 3857 : 0);
  };
  return spec;
}

}  // namespace kura::sync::testing
