// Values of parameters.
#include "lookml/scope.h"

#include "base/text.h"
#include "lookml/diagnostics.h"
#include "lookml/sql_text.h"

namespace kura::lookml {
namespace {

constexpr int kConstantDepthMax = 8;  // A constant may use others.

bool HasLiquid(std::string_view text) {
  return text.find("{%") != std::string_view::npos || text.find("{{") != std::string_view::npos;
}

std::string Quoted(std::string_view text) {
  return "'" + std::string(text) + "'";
}

}  // namespace

std::string Scope::Text(const Node& node) {
  if (node.kind == NodeKind::kBlock || node.kind == NodeKind::kList) {
    AddError(diagnostics_,
             kWrongValue,
             node.value_span(),
             {Quoted(node.key) + " takes one value here", "", ""});
    return "";
  }
  std::string text = PutConstants(Unescape(node), node);
  WarnOfLiquid(text, node);
  return text;
}

Sql Scope::SqlText(const Node& node) {
  if (node.kind == NodeKind::kBlock || node.kind == NodeKind::kList) {
    AddError(diagnostics_,
             kWrongValue,
             node.value_span(),
             {Quoted(node.key) + " takes a SQL text that ends with ;;", "", ""});
    return {};
  }
  WarnOfLiquid(node.value, node);
  if (node.value.find("@{") == std::string_view::npos) {
    return SplitSql(node.value, node.SpanOf(node.value));
  }
  return SplitSql(PutConstants(std::string(node.value), node), node.value_span(), false);
}

bool Scope::YesNo(const Node& node) {
  const std::string text = Text(node);
  if (text == "yes" || text == "true") return true;
  if (text != "no" && text != "false" && !text.empty()) {
    AddError(diagnostics_,
             kWrongValue,
             node.value_span(),
             {Quoted(node.key) + " is yes or no, not " + Quoted(text), "", ""});
  }
  return false;
}

std::vector<std::string> Scope::Names(const Node& node) {
  std::vector<std::string> names;
  if (node.kind != NodeKind::kList) {
    names.push_back(Text(node));
    return names;
  }
  for (const Node& item : node.children) names.push_back(Text(item));
  return names;
}

void Scope::AddFilters(const Node& node, std::vector<FilterEntry>& out) {
  if (node.kind == NodeKind::kBlock) {
    const Node* field = node.Find("field");
    const Node* value = node.Find("value");
    if (field != nullptr && value != nullptr) {
      out.push_back({Text(*field), Text(*value), field->value_span()});
      return;
    }
    AddError(diagnostics_,
             kMissingParameter,
             node.key_span(),
             {"a filters block needs 'field' and 'value'",
              "",
              "write  filters: [field: \"expression\"]"});
    return;
  }
  if (node.kind != NodeKind::kList) {
    AddError(diagnostics_,
             kWrongValue,
             node.value_span(),
             {"'filters' takes a list", "", "write  filters: [field: \"expression\"]"});
    return;
  }
  for (const Node& item : node.children) {
    if (item.kind == NodeKind::kList) {
      AddFilters(item, out);
    } else if (item.key.empty()) {
      AddError(diagnostics_,
               kWrongValue,
               item.value_span(),
               {"a filter needs a field and an expression",
                "",
                "write  filters: [field: \"expression\"]"});
    } else {
      out.push_back({std::string(item.key), Text(item), item.key_span()});
    }
  }
}

void Scope::ReportChoice(const Node& node, std::string_view what, std::string_view text,
                         const std::vector<std::string>& names) {
  if (text.empty() && node.kind != NodeKind::kString) return;  // Text has reported it.
  const std::string nearest = NearestName(text, names);
  const std::string guess = nearest.empty() ? "" : " (did you mean " + Quoted(nearest) + "?)";
  AddError(diagnostics_,
           kWrongValue,
           node.value_span(),
           {Quoted(text) + " is no " + std::string(what) + guess,
            "",
            names.size() > 30 ? "" : "one of: " + kura::Join(names, ", ")});
}

std::string Scope::PutConstants(std::string text, const Node& node) {
  for (int depth = 0; depth < kConstantDepthMax && text.find("@{") != std::string::npos; ++depth) {
    std::string out;
    std::size_t at = 0;
    bool changed = false;
    for (std::size_t open = text.find("@{"); open != std::string::npos;
         open = text.find("@{", at)) {
      const std::size_t close = text.find('}', open);
      if (close == std::string::npos) break;
      const std::string name(Trim(std::string_view(text).substr(open + 2, close - open - 2)));
      out += text.substr(at, open - at);
      const auto constant = constants_.find(name);
      if (constant != constants_.end()) {
        out += constant->second;
        changed = true;
      } else {
        std::vector<std::string> names;
        for (const auto& [known, value] : constants_) names.push_back(known);
        const std::string nearest = NearestName(name, names);
        AddError(diagnostics_,
                 kUnknownConstant,
                 node.value_span(),
                 {"there is no constant " + Quoted(name) +
                      (nearest.empty() ? "" : " (did you mean " + Quoted(nearest) + "?)"),
                  "",
                  "constants are declared in manifest.lkml: constant: name { value: \"…\" }"});
        out += text.substr(open, close + 1 - open);
      }
      at = close + 1;
    }
    text = out + text.substr(at);
    if (!changed) break;
  }
  return text;
}

void Scope::WarnOfLiquid(std::string_view text, const Node& node) {
  if (!HasLiquid(text)) return;
  AddWarning(diagnostics_,
             kUnsupportedLiquid,
             node.value_span(),
             {"Liquid is not supported yet", Quoted(node.key) + " is used as it is written", ""});
}

}  // namespace kura::lookml
