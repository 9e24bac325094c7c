// Checked reading of YAML maps.
#include "project/yaml_section.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "project/diagnostics.h"

namespace kura::project {

YamlSection::YamlSection(const YamlNode& node, std::string where, Diagnostics& diagnostics)
    : node_(node), where_(std::move(where)), diagnostics_(diagnostics) {
  if (!is_map() && node_.kind != YamlNode::Kind::kNull) {
    Report(node_.span, kWrongValue, fmt::format("{} must be a map of keys", where_));
  }
}

const YamlNode* YamlSection::Take(std::string_view key) {
  if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.emplace_back(key);
  return node_.Find(key);
}

bool YamlSection::Text(std::string_view key, std::string* value) {
  const YamlNode* found = Take(key);
  if (found == nullptr || found->kind == YamlNode::Kind::kNull) return false;
  if (found->kind != YamlNode::Kind::kScalar) {
    Report(found->span, kWrongValue, fmt::format("'{}' must be a single value", key));
    return false;
  }
  *value = found->scalar;
  return true;
}

bool YamlSection::Int(std::string_view key, int low, int high, int* value) {
  std::string text;
  if (!Text(key, &text)) return false;
  std::int64_t number = 0;
  if (!ParseInt(text, &number) || number < low || number > high) {
    Report(
        Take(key)->span,
        kWrongValue,
        fmt::format("'{}' must be a whole number from {} to {}, not '{}'", key, low, high, text));
    return false;
  }
  *value = static_cast<int>(number);
  return true;
}

bool YamlSection::Choice(std::string_view key, const std::vector<std::string>& choices,
                         std::string* value) {
  std::string text;
  if (!Text(key, &text)) return false;
  if (std::find(choices.begin(), choices.end(), text) == choices.end()) {
    const std::string nearest = NearestName(text, choices);
    Report(Take(key)->span,
           kWrongValue,
           fmt::format("'{}' cannot be '{}'", key, text),
           nearest.empty() ? "one of: " + Join(choices, ", ")
                           : fmt::format("did you mean '{}'?", nearest));
    return false;
  }
  *value = text;
  return true;
}

void YamlSection::NotYet(std::string_view key) {
  const YamlNode* found = Take(key);
  if (found == nullptr) return;
  Diagnostic d;
  d.kind = kNotSupported;
  d.severity = Severity::kWarning;
  d.span = found->span;
  d.message = fmt::format("'{}' in {} is not used by this version of kura", key, where_);
  diagnostics_.Add(std::move(d));
}

void YamlSection::Finish() {
  for (const YamlNode::Entry& entry : node_.map) {
    if (std::find(known_.begin(), known_.end(), entry.key) != known_.end()) continue;
    const std::string nearest = NearestName(entry.key, known_);
    Report(entry.key_span,
           kUnknownKey,
           fmt::format("there is no key '{}' in {}", entry.key, where_),
           nearest.empty() ? "known keys: " + Join(known_, ", ")
                           : fmt::format("did you mean '{}'?", nearest));
  }
}

void YamlSection::Report(const Span& span, std::string_view kind, std::string message,
                         std::string hint) {
  Diagnostic d;
  d.kind = kind;
  d.span = span;
  d.message = std::move(message);
  d.hint = std::move(hint);
  diagnostics_.Add(std::move(d));
}

}  // namespace kura::project
