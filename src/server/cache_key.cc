// server/cache_key.cc: the parts of a key, end to end; texts that users write are quoted.
#include "server/cache_key.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "base/json.h"
#include "base/text.h"

namespace kura::server {
namespace {

void AddDataVersions(std::string& key, const query::Compiled& compiled,
                     const sql::Catalogue* catalogue) {
  for (const std::string& name : compiled.tables) {
    const sql::CatalogueTable* table = catalogue == nullptr ? nullptr : catalogue->Find(name);
    const sql::TableTimes times =
        table != nullptr && table->times ? *table->times : sql::TableTimes{};
    fmt::format_to(std::back_inserter(key),
                   "{}@{},{},{}\n",
                   name,
                   table == nullptr ? 0 : table->version,
                   times.complete_through,
                   times.read_at);
  }
}

}  // namespace

std::optional<Format> ParseFormat(std::string_view name) {
  if (name == "json") return Format::kJson;
  if (name == "json_detail") return Format::kJsonDetail;
  if (name == "csv") return Format::kCsv;
  if (name == "sql") return Format::kSql;
  return std::nullopt;
}

bool IsVolatile(std::string_view sql) {
  constexpr std::array<std::string_view, 8> kWords = {
      "current_", "now(", "today(", "random", "uuid(", "setseed", "nextval", "localtime"};
  const std::string lower = ToLower(sql);
  return std::any_of(kWords.begin(), kWords.end(), [&](std::string_view word) {
    return lower.find(word) != std::string::npos;
  });
}

std::string CacheKey(const KeyParts& parts) {
  if (IsVolatile(parts.compiled->sql)) return "";
  const query::AccessContext& access = parts.input->access;
  std::string key = fmt::format("{} {} {} {}\n",
                                static_cast<int>(parts.format),
                                parts.model_generation,
                                access.local_administrator,
                                parts.compiled->timezone);
  for (const auto& [name, value] : access.attributes) {
    key += QuoteJson(name) + "=" + QuoteJson(value) + "\n";
  }
  AddDataVersions(key, *parts.compiled, parts.snapshot->catalogue.get());
  key += query::ToJson(parts.input->query);
  key += '\n';
  return key + parts.compiled->sql;
}

}  // namespace kura::server
