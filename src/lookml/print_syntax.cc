// The syntax tree as text.
#include "lookml/print.h"

namespace kura::lookml {
namespace {

std::string Pad(int depth) {
  return std::string(static_cast<std::size_t>(depth) * 2, ' ');
}

void PrintItem(const Node& item, std::string& out) {
  if (!item.key.empty()) out.append(item.key).append(": ");
  switch (item.kind) {
    case NodeKind::kString:
      out.append("\"").append(item.value).append("\"");
      return;
    case NodeKind::kList:
      out += "[";
      for (std::size_t i = 0; i < item.children.size(); ++i) {
        if (i > 0) out += ", ";
        PrintItem(item.children[i], out);
      }
      out += "]";
      return;
    default:
      out.append(item.value);
  }
}

void PrintNode(const Node& node, int depth, std::string& out) {
  out += Pad(depth);
  if (node.kind == NodeKind::kBlock) {
    out.append(node.key).append(": ").append(node.refines ? "+" : "").append(node.name);
    out += node.name.empty() ? "{" : " {";
    if (!node.children.empty()) out += "\n";
    for (const Node& child : node.children) PrintNode(child, depth + 1, out);
    out += node.children.empty() ? "}\n" : Pad(depth) + "}\n";
    return;
  }
  if (node.kind == NodeKind::kExpression) {
    out.append(node.key).append(":").append(node.value).append(";;\n");
    return;
  }
  PrintItem(node, out);
  out += "\n";
}

}  // namespace

std::string PrintSyntax(const Syntax& syntax) {
  std::string out;
  for (const Node& node : syntax.nodes) PrintNode(node, 0, out);
  for (const std::string_view comment : syntax.comments) out.append(comment).append("\n");
  return out;
}

}  // namespace kura::lookml
