// project/yaml_section.h: one map of kura.yaml with its known keys. What nobody asked for by the
// time of Finish is an unknown key, which is an error with the nearest known name.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"
#include "base/yaml.h"

namespace kura::project {

class YamlSection {
 public:
  /// `where` names the map in messages: "sources.shop".
  YamlSection(const YamlNode& node, std::string where, Diagnostics& diagnostics);

  bool is_map() const { return node_.kind == YamlNode::Kind::kMap; }
  const YamlNode& node() const { return node_; }
  const std::string& where() const { return where_; }

  /// The value of a key, which is known from now on; null when it is not there.
  const YamlNode* Take(std::string_view key);

  /// A scalar as text; false when it is not there or is not a scalar (reported).
  bool Text(std::string_view key, std::string* value);

  /// A whole number between `low` and `high`.
  bool Int(std::string_view key, int low, int high, int* value);

  /// One of `choices`; anything else is reported with the nearest.
  bool Choice(std::string_view key, const std::vector<std::string>& choices, std::string* value);

  /// Accepts a key that a later version of Kura will use; being without it is safe, and is said.
  void NotYet(std::string_view key);

  /// Reports keys that nobody asked for.
  void Finish();

  /// Reports a mistake at a node.
  void Report(const Span& span, std::string_view kind, std::string message, std::string hint = "");

 private:
  const YamlNode& node_;
  std::string where_;
  Diagnostics& diagnostics_;
  std::vector<std::string> known_;
};

}  // namespace kura::project
