// lookml/syntax.h: LookML text → Syntax, the first step of this folder. The tree keeps what was
// written: order, repeated keys, comments, and where everything stands (its texts are views into
// the file). It knows no parameter's meaning, except which keys hold an expression up to ";;".
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"

namespace kura::lookml {

/// How deep blocks and lists may nest.
inline constexpr int kSyntaxDepthMax = 64;

/// The largest text that is parsed; offsets are 32 bits.
inline constexpr std::size_t kSyntaxBytesMax = 1'000'000'000;

enum class NodeKind : std::uint8_t {
  kWord,        // yes, count_distinct, orders.id, ALL_FIELDS*
  kString,      // "…": `value` is what stands between the quotes, escapes as written
  kExpression,  // … ;;: `value` is all between the colon and ";;"
  kBlock,       // name { … }: `name` may be empty
  kList,        // [ … ]: items are nodes, with a key where they are pairs
};

/// One `key: value`, or one item of a list (then `key` may be empty).
struct Node {
  NodeKind kind = NodeKind::kWord;
  bool refines = false;     // `view: +name`
  std::uint32_t begin = 0;  // from the key's first byte …
  std::uint32_t end = 0;    // … to behind the value
  const SourceFile* file = nullptr;
  std::string_view key;
  std::string_view name;   // blocks: without "+"
  std::string_view value;  // words, strings and expressions
  std::vector<Node> children;

  Span span() const { return {file, begin, end}; }
  Span key_span() const { return SpanOf(key); }
  Span name_span() const { return name.empty() ? key_span() : SpanOf(name); }
  /// The value; for blocks the name, for lists all of it.
  Span value_span() const;
  /// The place of a text that is a view into the same file.
  Span SpanOf(std::string_view text) const;

  /// The last child with this key, or null.
  const Node* Find(std::string_view child_key) const;
};

/// A parsed file. `nodes` and `comments` point into `file`.
struct Syntax {
  std::shared_ptr<const SourceFile> file;
  std::vector<Node> nodes;
  std::vector<std::string_view> comments;  // from "#" to the end of the line, without it
};

/// Parses a file. Mistakes go to `diagnostics`; parsing goes on behind each, and the tree holds
/// what could be understood.
Syntax Parse(std::shared_ptr<const SourceFile> file, Diagnostics& diagnostics);

/// The text of a word or string with its escapes resolved: \" → ", \\ → \.
std::string Unescape(const Node& node);

/// Tells whether a key's value is an expression that ends with ";;".
bool IsExpressionKey(std::string_view key);

}  // namespace kura::lookml
