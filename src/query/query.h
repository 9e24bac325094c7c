// query/query.h: the canonical question: Looker API 4.0's Query. It is the URL, the saved question,
// the cache key and the API body.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"
#include "base/result.h"

namespace kura::query {

inline constexpr int kLimitDefault = 500;

/// A question. Field names are "view.field"; unique names without their view are resolved by the
/// command line before they get here.
struct Query {
  std::string model;  // may be empty when one model has the explore
  std::string explore;
  std::vector<std::string> fields;
  std::map<std::string, std::string> filters;  // field → filter expression
  std::vector<std::string> sorts;              // "view.field", "view.field desc"
  std::vector<std::string> pivots;
  std::vector<std::string> fill_fields;
  int limit = kLimitDefault;  // rows; -1 = no limit of the question's own
  bool total = false;
  std::string timezone;  // empty = the project's
};

/// Reads the JSON body of the API (docs/http.md). Mistakes name the member in Diagnostic::field.
bool ParseQueryJson(std::string_view json, Query* query, Diagnostics& diagnostics);

/// Prints the canonical JSON form: sorted members, defaults left out.
std::string ToJson(const Query& query);

}  // namespace kura::query
