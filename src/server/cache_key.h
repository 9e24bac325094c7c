// server/cache_key.h: what an answer of queries/run depends on: two questions with equal keys have
// the same answer, byte for byte but for its times.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "execute/execute.h"

namespace kura::server {

enum class Format { kJson, kJsonDetail, kCsv, kSql };

/// Reads the last part of queries/run/{format}; empty when there is no such format.
std::optional<Format> ParseFormat(std::string_view name);

/// What a cached answer is found by (DESIGN §11.15): the SQL, the versions of the data it reads,
/// who asks, and what the text of the answer shows besides: the question and the model's labels.
/// Empty when the answer may not be kept, because its SQL gives something else each time.
struct KeyParts {
  const query::Compiled* compiled = nullptr;
  const execute::Snapshot* snapshot = nullptr;
  const execute::RunInput* input = nullptr;
  Format format = Format::kJson;
  std::int64_t model_generation = 0;
};
std::string CacheKey(const KeyParts& parts);

/// Tells whether SQL text of a model may use the time of day or chance.
bool IsVolatile(std::string_view sql);

}  // namespace kura::server
