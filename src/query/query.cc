// The question's JSON, both ways. Unknown members of Looker's Query that change nothing here (vis
// settings and the like) are passed over; those that would change the answer are refused.
#include "query/query.h"

#include <fmt/core.h>

#include <array>

#include "base/json.h"
#include "base/text.h"
#include "query/diagnostics.h"

namespace kura::query {
namespace {

using Kind = JsonValue::Kind;

class Reader {
 public:
  Reader(Query* query, Diagnostics& diagnostics) : query_(query), diagnostics_(diagnostics) {}

  void Read(const JsonValue& root);

 private:
  void ReadMember(const std::string& name, const JsonValue& value);
  void ReadText(const std::string& name, const JsonValue& value, std::string* out);
  void ReadTexts(const std::string& name, const JsonValue& value, std::vector<std::string>* out);
  void ReadFilters(const JsonValue& value);
  void ReadLimit(const JsonValue& value);
  void ReadTotal(const JsonValue& value);
  void Refuse(const std::string& name, const std::string& message) {
    Report(diagnostics_, {name, ""}, {kBadQuery, message, "", "", 0, 0});
  }

  Query* query_;
  Diagnostics& diagnostics_;
};

// Members of Looker's Query that a later version answers; asking for them now must not be ignored.
constexpr std::array<std::string_view, 5> kUnsupported = {
    "filter_expression", "dynamic_fields", "row_total", "subtotals", "column_limit"};

// Empty values ask for nothing.
bool IsEmpty(const JsonValue& value) {
  return value.kind == Kind::kNull || (value.kind == Kind::kText && value.text.empty()) ||
         (value.kind == Kind::kList && value.list.empty()) ||
         (value.kind == Kind::kBoolean && !value.boolean);
}

void Reader::Read(const JsonValue& root) {
  if (root.kind != Kind::kObject) return Refuse("", "a question is a JSON object");
  for (const JsonValue::Member& member : root.members) ReadMember(member.name, member.value);
  if (query_->explore.empty()) Refuse("view", "the question names no explore in 'view'");
}

void Reader::ReadMember(const std::string& name, const JsonValue& value) {
  if (value.kind == Kind::kNull) return;
  if (name == "model") return ReadText(name, value, &query_->model);
  if (name == "view" || name == "explore") return ReadText(name, value, &query_->explore);
  if (name == "fields") return ReadTexts(name, value, &query_->fields);
  if (name == "sorts") return ReadTexts(name, value, &query_->sorts);
  if (name == "pivots") return ReadTexts(name, value, &query_->pivots);
  if (name == "fill_fields") return ReadTexts(name, value, &query_->fill_fields);
  if (name == "query_timezone") return ReadText(name, value, &query_->timezone);
  if (name == "filters") return ReadFilters(value);
  if (name == "limit") return ReadLimit(value);
  if (name == "total") return ReadTotal(value);
  for (const std::string_view unsupported : kUnsupported) {
    if (name != unsupported || IsEmpty(value) || name == "column_limit") continue;
    Report(diagnostics_,
           {name, ""},
           {kUnsupportedFeature, fmt::format("'{}' cannot be answered yet", name), "", "", 0, 0});
  }
}

void Reader::ReadText(const std::string& name, const JsonValue& value, std::string* out) {
  if (value.kind != Kind::kText) return Refuse(name, fmt::format("'{}' must be a text", name));
  *out = value.text;
}

void Reader::ReadTexts(const std::string& name, const JsonValue& value,
                       std::vector<std::string>* out) {
  if (value.kind != Kind::kList) {
    return Refuse(name, fmt::format("'{}' must be a list of texts", name));
  }
  for (std::size_t i = 0; i < value.list.size(); ++i) {
    if (value.list[i].kind != Kind::kText) {
      return Refuse(fmt::format("{}[{}]", name, i), fmt::format("'{}' holds only texts", name));
    }
    out->push_back(value.list[i].text);
  }
}

void Reader::ReadFilters(const JsonValue& value) {
  if (value.kind != Kind::kObject) {
    return Refuse("filters", "'filters' must be an object of field and expression");
  }
  for (const JsonValue::Member& member : value.members) {
    const std::string name = "filters." + member.name;
    if (member.value.kind == Kind::kText || member.value.kind == Kind::kNumber) {
      query_->filters[member.name] = member.value.text;
    } else if (member.value.kind != Kind::kNull) {
      Refuse(name, fmt::format("the filter of '{}' must be a text", member.name));
    }
  }
}

void Reader::ReadLimit(const JsonValue& value) {
  std::int64_t limit = 0;
  const bool scalar = value.kind == Kind::kText || value.kind == Kind::kNumber;
  if (!scalar || !ParseInt(Trim(value.text), &limit) || limit < -1 || limit > 1'000'000'000) {
    return Refuse("limit", "'limit' must be a number of rows, or -1 for the server's limit");
  }
  query_->limit = static_cast<int>(limit);
}

void Reader::ReadTotal(const JsonValue& value) {
  if (value.kind != Kind::kBoolean) return Refuse("total", "'total' must be true or false");
  query_->total = value.boolean;
}

std::string TextList(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (const std::string& text : texts) {
    if (&text != &texts.front()) out += ",";
    out += QuoteJson(text);
  }
  return out + "]";
}

}  // namespace

bool ParseQueryJson(std::string_view json, Query* query, Diagnostics& diagnostics) {
  const std::size_t before = diagnostics.error_count();
  const Result<JsonValue> root = ParseJson(json);
  if (!root) {
    Report(diagnostics, {"", ""}, {kBadQuery, root.error().message, "", "", 0, 0});
    return false;
  }
  *query = Query();
  Reader(query, diagnostics).Read(*root);
  return diagnostics.error_count() == before;
}

std::string ToJson(const Query& query) {
  std::vector<std::string> parts;
  const auto list = [&](std::string_view name, const std::vector<std::string>& texts) {
    if (!texts.empty()) parts.push_back(fmt::format("\"{}\":{}", name, TextList(texts)));
  };
  list("fields", query.fields);
  list("fill_fields", query.fill_fields);
  std::vector<std::string> filters;
  for (const auto& [field, expression] : query.filters) {
    filters.push_back(QuoteJson(field) + ":" + QuoteJson(expression));
  }
  if (!filters.empty()) parts.push_back("\"filters\":{" + Join(filters, ",") + "}");
  if (query.limit != kLimitDefault) parts.push_back(fmt::format("\"limit\":\"{}\"", query.limit));
  if (!query.model.empty()) parts.push_back("\"model\":" + QuoteJson(query.model));
  list("pivots", query.pivots);
  if (!query.timezone.empty()) parts.push_back("\"query_timezone\":" + QuoteJson(query.timezone));
  list("sorts", query.sorts);
  if (query.total) parts.push_back("\"total\":true");
  parts.push_back("\"view\":" + QuoteJson(query.explore));
  return "{" + Join(parts, ",") + "}";
}

}  // namespace kura::query
