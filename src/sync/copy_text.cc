// JSON by nlohmann, which throws on a wrong shape: caught here and nowhere else.
#include "sync/copy_text.h"

#include <nlohmann/json.hpp>

namespace kura::sync {
namespace {

using Json = nlohmann::ordered_json;

std::string Dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

tl::unexpected<Error> NotOurs(const char* what) {
  return Fail(Code::kInvalid, "the warehouse's record of {} cannot be read", what);
}

}  // namespace

std::string RangesJson(const std::vector<KeyRange>& ranges) {
  Json list = Json::array();
  for (const KeyRange& range : ranges) {
    list.push_back({{"lower", range.lower}, {"upper", range.upper}});
  }
  return Dump(list);
}

Result<std::vector<KeyRange>> ReadRangesJson(std::string_view text) {
  std::vector<KeyRange> ranges;
  try {
    for (const Json& item : Json::parse(text)) {
      KeyRange range;
      item.at("lower").get_to(range.lower);
      item.at("upper").get_to(range.upper);
      ranges.push_back(std::move(range));
    }
  } catch (const Json::exception&) {
    return NotOurs("a copy");
  }
  return ranges;
}

std::string CoercedJson(const std::vector<CoercedColumn>& coerced) {
  Json list = Json::array();
  for (const CoercedColumn& column : coerced) {
    list.push_back({{"column", column.column},
                    {"reason", column.reason},
                    {"count", column.count},
                    {"sample_keys", column.sample_keys}});
  }
  return Dump(list);
}

Result<std::vector<CoercedColumn>> ReadCoercedJson(std::string_view text) {
  std::vector<CoercedColumn> coerced;
  try {
    for (const Json& item : Json::parse(text)) {
      CoercedColumn column;
      item.at("column").get_to(column.column);
      item.at("reason").get_to(column.reason);
      item.at("count").get_to(column.count);
      item.at("sample_keys").get_to(column.sample_keys);
      coerced.push_back(std::move(column));
    }
  } catch (const Json::exception&) {
    return NotOurs("a copied range");
  }
  return coerced;
}

}  // namespace kura::sync
