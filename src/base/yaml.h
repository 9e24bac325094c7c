// base/yaml.h: YAML as plain data with places, read by yaml-cpp behind limits of size and nodes.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"

namespace kura {

inline constexpr std::size_t kYamlBytesMax = 4'000'000;
inline constexpr int kYamlNodesMax = 200'000;

/// One node: a scalar, a list or a map whose keys keep their order.
struct YamlNode {
  enum class Kind { kNull, kScalar, kList, kMap };
  struct Entry;
  Kind kind = Kind::kNull;
  std::string scalar;
  bool quoted = false;  // "12" is text, 12 is a number.
  Span span;
  std::vector<YamlNode> list;
  std::vector<Entry> map;

  /// The value of a key, or null.
  const YamlNode* Find(std::string_view key) const;
};

struct YamlNode::Entry {
  std::string key;
  Span key_span;
  YamlNode value;
};

/// Reads one document. Mistakes go to `diagnostics` (kind "yaml-syntax"), with no value then.
/// The spans point into `file`, which the caller keeps alive.
std::optional<YamlNode> ParseYaml(const SourceFile& file, Diagnostics& diagnostics);

}  // namespace kura
