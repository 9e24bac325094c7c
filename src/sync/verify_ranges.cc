// Bounds are literals of the source: integers are compared as numbers, others only for equality.
#include "sync/verify_ranges.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>
#include <optional>

#include "base/text.h"

namespace kura::sync {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::int64_t kGrowthMax = 3;
constexpr double kAlmost = 0.999;

// A bound of one integer; nothing for an open side, `*is_integer` is false for any other bound.
std::optional<std::int64_t> IntegerBound(const std::vector<std::string>& bound, bool* is_integer) {
  std::int64_t value = 0;
  if (bound.empty()) return std::nullopt;
  if (bound.size() == 1 && ParseInt(bound[0], &value)) return value;
  *is_integer = false;
  return std::nullopt;
}

// Whether two ranges share keys; `*is_known` is false when that cannot be told.
bool Overlap(const KeyRange& a, const KeyRange& b, bool* is_known) {
  const auto a_lower = IntegerBound(a.lower, is_known);
  const auto a_upper = IntegerBound(a.upper, is_known);
  const auto b_lower = IntegerBound(b.lower, is_known);
  const auto b_upper = IntegerBound(b.upper, is_known);
  const bool a_is_below = a_upper && b_lower && *a_upper <= *b_lower;
  const bool b_is_below = b_upper && a_lower && *b_upper <= *a_lower;
  return !a_is_below && !b_is_below;
}

VerifiedRange CarryOverOne(const std::vector<VerifiedRange>& known, const KeyRange& range) {
  VerifiedRange carried{range, 0, 0};
  std::optional<Micros> earliest;
  for (const VerifiedRange& old : known) {
    if (old.range == range) return old;
    bool is_known = true;
    const bool overlaps = Overlap(old.range, range, &is_known);
    if (!is_known) {
      earliest = 0;
    } else if (overlaps) {
      earliest = earliest ? std::min(*earliest, old.verified_at) : old.verified_at;
    }
  }
  carried.verified_at = earliest.value_or(0);
  return carried;
}

}  // namespace

std::vector<VerifiedRange> CarryOver(const std::vector<VerifiedRange>& known,
                                     const std::vector<KeyRange>& ranges) {
  std::vector<VerifiedRange> carried;
  carried.reserve(ranges.size());
  for (const KeyRange& range : ranges) carried.push_back(CarryOverOne(known, range));
  // Rows of a range that was cut differently are not known: an even share of all rows.
  std::int64_t rows = 0;
  for (const VerifiedRange& old : known) rows += old.rows;
  for (VerifiedRange& range : carried) {
    if (range.rows == 0) range.rows = rows / std::max<std::int64_t>(1, std::ssize(carried));
  }
  return carried;
}

std::vector<std::size_t> OldestFirst(const std::vector<VerifiedRange>& ranges) {
  std::vector<std::size_t> order(ranges.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    if (ranges[a].verified_at != ranges[b].verified_at) {
      return ranges[a].verified_at < ranges[b].verified_at;
    }
    return a > b;
  });
  return order;
}

bool NeedsCutting(const std::vector<VerifiedRange>& ranges, std::int64_t range_rows) {
  return ranges.empty() || ranges.back().rows > kGrowthMax * range_rows;
}

Coverage CoverageOf(const std::vector<VerifiedRange>& ranges, std::int64_t rows) {
  Coverage coverage;
  std::int64_t verified = 0;
  bool is_whole = !ranges.empty();
  for (const VerifiedRange& range : ranges) {
    is_whole = is_whole && range.verified_at != 0;
    if (range.verified_at == 0) continue;
    verified += range.rows;
    coverage.since =
        coverage.since == 0 ? range.verified_at : std::min(coverage.since, range.verified_at);
  }
  if (is_whole) {
    coverage.share = 1;
  } else if (rows > 0) {
    coverage.share = std::min(kAlmost, static_cast<double>(verified) / static_cast<double>(rows));
  }
  return coverage;
}

std::string VerifiedRangesJson(const std::vector<VerifiedRange>& ranges) {
  Json list = Json::array();
  for (const VerifiedRange& one : ranges) {
    Json item = {{"lower", one.range.lower}, {"upper", one.range.upper}, {"rows", one.rows}};
    item["verified_at"] = one.verified_at == 0 ? "" : FormatInstant(one.verified_at);
    list.push_back(std::move(item));
  }
  return list.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<std::vector<VerifiedRange>> ReadVerifiedRangesJson(std::string_view text) {
  std::vector<VerifiedRange> ranges;
  std::string at;
  try {
    for (const Json& item : Json::parse(text)) {
      VerifiedRange one;
      item.at("lower").get_to(one.range.lower);
      item.at("upper").get_to(one.range.upper);
      item.at("rows").get_to(one.rows);
      item.at("verified_at").get_to(at);
      if (!at.empty()) {
        TRY(one.verified_at, ParseInstant(at));
      }
      ranges.push_back(std::move(one));
    }
  } catch (const Json::exception&) {
    return Fail(Code::kInvalid, "the warehouse's record of a verification cannot be read");
  }
  return ranges;
}

}  // namespace kura::sync
