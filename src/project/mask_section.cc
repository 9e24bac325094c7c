// Policies are checked here as far as they can be without the source: names, counts and patterns.
#include "project/mask_section.h"

#include <fmt/format.h>

#include "base/regex.h"
#include "base/text.h"
#include "project/diagnostics.h"

namespace kura::project {
namespace {

using sync::MaskConfig;
using sync::MaskKind;

constexpr int kLastMax = 64;
constexpr std::size_t kReplacementBytesMax = 100;
constexpr std::string_view kPolicies =
    "one of: sha256, \"null\", {last: 4}, {regex: 'pattern', with: 'text'}";

void ReadNamed(const YamlNode& node, YamlSection& table, MaskConfig* mask) {
  if (node.kind == YamlNode::Kind::kNull || node.scalar == "null") return;
  if (node.scalar == "sha256") {
    mask->kind = MaskKind::kSha256;
    return;
  }
  const std::vector<std::string> names = {"sha256", "null", "last", "regex"};
  const std::string nearest = NearestName(node.scalar, names);
  std::string hint(kPolicies);
  if (nearest == "sha256" || nearest == "null") hint = "did you mean '" + nearest + "'?";
  const bool is_list = node.kind == YamlNode::Kind::kList;
  table.Report(node.span,
               kWrongValue,
               is_list ? "a list is no mask" : fmt::format("there is no mask '{}'", node.scalar),
               std::move(hint));
}

void ReadPattern(YamlSection& section, MaskConfig* mask) {
  mask->kind = MaskKind::kRegex;
  const Span span = section.Take("regex")->span;
  const Result<Regex> regex = Regex::Compile(mask->pattern);
  if (!regex) {
    section.Report(span, kWrongValue, regex.error().message, regex.error().hint);
    return;
  }
  if (!section.Text("with", &mask->replacement)) {
    if (section.Take("with") != nullptr) return;  // Reported, unless it is empty.
    section.Report(span, kMissingKey, section.where() + " has no 'with'", "with: '#'");
    return;
  }
  const Span with = section.Take("with")->span;
  if (mask->replacement.size() > kReplacementBytesMax) {
    section.Report(
        with,
        kWrongValue,
        fmt::format(
            "'with' has {} bytes, more than {}", mask->replacement.size(), kReplacementBytesMax));
  }
  const Status fits = regex->CheckReplacement(mask->replacement);
  if (!fits) section.Report(with, kWrongValue, fits.error().message, fits.error().hint);
}

void ReadMap(const YamlNode& node, const std::string& where, MaskConfig* mask,
             Diagnostics& diagnostics) {
  YamlSection section(node, where, diagnostics);
  const bool has_last = section.Take("last") != nullptr;
  section.Take("with");
  const bool has_pattern = section.Text("regex", &mask->pattern);
  if (has_last == has_pattern) {
    const bool is_misspelt = !has_last && !node.map.empty();
    if (!is_misspelt) {
      section.Report(node.span,
                     kWrongValue,
                     where + (has_last ? " has both 'last' and 'regex'" : " says no mask"),
                     std::string(kPolicies));
    }
  } else if (has_last) {
    mask->kind = MaskKind::kLast;
    section.Int("last", 1, kLastMax, &mask->last);
  } else {
    ReadPattern(section, mask);
  }
  section.Finish();
}

}  // namespace

std::string PlaceOf(const Span& span) {
  const SourceFile::Position place = span.file->PositionOf(span.begin);
  return fmt::format("{}:{}:{}", span.file->name(), place.line, place.column);
}

std::map<std::string, MaskConfig> ReadMasks(YamlSection& table, Diagnostics& diagnostics) {
  std::map<std::string, MaskConfig> masks;
  const YamlNode* node = table.Take("mask");
  if (node == nullptr) return masks;
  const std::string where = table.where() + ".mask";
  if (node->kind != YamlNode::Kind::kMap) {
    table.Report(node->span,
                 kWrongValue,
                 where + " must be a map of columns",
                 "mask: {email: sha256, phone: \"null\"}");
    return masks;
  }
  for (const YamlNode::Entry& column : node->map) {
    MaskConfig mask;
    mask.place = PlaceOf(column.key_span);
    if (column.value.kind == YamlNode::Kind::kMap) {
      ReadMap(column.value, where + "." + column.key, &mask, diagnostics);
    } else {
      ReadNamed(column.value, table, &mask);
    }
    masks[column.key] = std::move(mask);
  }
  return masks;
}

}  // namespace kura::project
