// A recursive descent parser straight over the bytes: LookML has so few kinds of tokens that a
// separate lexer would only copy them.
#include "lookml/syntax.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "lookml/diagnostics.h"
#include "lookml/recovery.h"

namespace kura::lookml {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool IsSpace(char c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

// Bytes that end a word. Everything else may be part of one: names, numbers, "-view.field", "set*".
bool EndsWord(char c) {
  switch (c) {
    case ':':
    case '{':
    case '}':
    case '[':
    case ']':
    case ',':
    case '"':
    case '#':
    case ';':
      return true;
    default:
      return IsSpace(c) || c == '\0';
  }
}

class Parser {
 public:
  Parser(std::shared_ptr<const SourceFile> file, Diagnostics& diagnostics)
      : text_(file->text()), diagnostics_(diagnostics) {
    syntax_.file = std::move(file);
  }

  Syntax Run() {
    if (text_.starts_with(kByteOrderMark)) at_ = kByteOrderMark.size();
    for (;;) {
      ParseProperties(syntax_.nodes, nullptr);
      if (AtEnd()) break;
      Error(kSyntax, At(1), {"unexpected '}'", "no block is open here", ""});  // Go on behind it.
      ++at_;
    }
    return std::move(syntax_);
  }

 private:
  bool AtEnd() const { return at_ >= text_.size(); }
  bool Sees(char c) const { return at_ < text_.size() && text_[at_] == c; }
  std::string_view At(std::size_t size) const { return text_.substr(at_, size); }
  std::uint32_t Offset(std::size_t at) const { return static_cast<std::uint32_t>(at); }

  // Skips white space and comments; tells whether a line end was among them.
  bool SkipSpace() {
    bool line_end = false;
    for (; !AtEnd(); ++at_) {
      if (Sees('#')) {
        const std::size_t end = std::min(text_.find('\n', at_), text_.size());
        std::string_view comment = text_.substr(at_, end - at_);
        while (comment.ends_with('\r')) comment.remove_suffix(1);
        syntax_.comments.push_back(comment);
        at_ = end;
        if (AtEnd()) break;
      }
      if (!IsSpace(text_[at_])) break;
      line_end = line_end || text_[at_] == '\n';
    }
    return line_end;
  }

  // Goes back; comments from there on will be met again.
  void Rewind(std::size_t at) {
    at_ = at;
    auto& comments = syntax_.comments;
    while (!comments.empty() && comments.back().data() >= text_.data() + at) comments.pop_back();
  }

  std::string_view TakeWord() {
    const std::size_t begin = at_;
    while (!AtEnd() && !EndsWord(text_[at_])) ++at_;
    return text_.substr(begin, at_ - begin);
  }

  Span SpanOf(std::string_view piece) const {
    const auto begin = Offset(static_cast<std::size_t>(piece.data() - text_.data()));
    return {syntax_.file.get(), begin, begin + Offset(piece.size())};
  }

  void Error(std::string_view kind, std::string_view where, Words words) {
    AddError(diagnostics_, kind, SpanOf(where), std::move(words));
  }

  // Parses properties until "}" or the end of the file; neither is consumed. `owner` is the block
  // they are in, null for the file. Stops early when a key shows that the owner's "}" is missing.
  void ParseProperties(std::vector<Node>& out, const Node* owner) {
    for (;;) {
      SkipSpace();
      if (AtEnd() || Sees('}')) return;
      if (owner != nullptr && OwnerIsOpen(*owner)) return;
      ParseProperty(out);
    }
  }

  bool OwnerIsOpen(const Node& owner) const {
    const std::string_view rest = text_.substr(at_, 200);
    const std::string_view key = rest.substr(0, rest.find(':'));
    return MeansOuterIsOpen(owner.key, Trim(key)) && BeginsWithParameter(rest);
  }

  void ParseProperty(std::vector<Node>& out) {
    Node node;
    node.file = syntax_.file.get();
    node.begin = Offset(at_);
    node.key = TakeWord();
    if (node.key.empty()) return SkipUnexpected();
    const std::size_t after_key = at_;
    SkipSpace();
    if (!Sees(':') && !MissingColon(node.key, after_key)) return;
    if (Sees(':')) ++at_;
    if (!ParseValue(node)) return;
    node.end = Offset(at_);
    out.push_back(std::move(node));
  }

  // A byte that begins no key. One message for a whole run of such bytes.
  void SkipUnexpected() {
    const std::size_t begin = at_;
    if (Sees('"')) {
      at_ = std::min(text_.find_first_of("\"\n", at_ + 1), text_.size());
      if (Sees('"')) ++at_;
      return Error(
          kSyntax,
          text_.substr(begin, at_ - begin),
          {"a text without a parameter in front of it", "expected 'parameter: value'", ""});
    }
    if (Sees('{')) return SkipNamelessBlock();
    while (!AtEnd() && !Sees('}') && !Sees('"') && !Sees('{') && !Sees('#') && EndsWord(text_[at_]))
      ++at_;
    std::string_view run = text_.substr(begin, at_ - begin);
    const bool expression_end = run.starts_with(";;");
    Error(kSyntax,
          Trim(run),
          {"unexpected '" + std::string(Trim(run)) + "'",
           expression_end ? "only sql, html and expression parameters end with ;;"
                          : "expected 'parameter: value'",
           ""});
  }

  void SkipNamelessBlock() {
    Error(kSyntax, At(1), {"a block without a parameter in front of it", "left out", ""});
    Node skipped;
    (void)ParseBlock(skipped);
  }

  // `dimension name {`: goes on as if there were a colon. Anything else: skips the line.
  bool MissingColon(std::string_view key, std::size_t after_key) {
    const std::size_t begin = at_;
    const std::string_view name = TakeWord();
    SkipSpace();
    const bool is_block = Sees('{');
    Words words{"expected ':' after '" + std::string(key) + "'", "", ""};
    if (is_block && begin != after_key) {
      words.hint =
          "write  " + std::string(key) + ": " + (name.empty() ? "" : std::string(name) + " ") + "{";
    }
    Error(kSyntax, key, std::move(words));
    Rewind(is_block ? begin : after_key);
    if (is_block) return true;
    while (!AtEnd() && !Sees('\n') && !Sees('}')) ++at_;
    return false;
  }

  bool ParseValue(Node& node) {
    if (IsExpressionKey(node.key)) {
      std::size_t probe = at_;
      while (probe < text_.size() && IsSpace(text_[probe])) ++probe;
      // `sql_case: { … }` is a block of the old language; ${…} begins with "$".
      if (probe >= text_.size() || text_[probe] != '{' || text_.substr(probe, 2) == "{%" ||
          text_.substr(probe, 2) == "{{") {
        return ParseExpression(node);
      }
    }
    SkipSpace();
    if (Sees('"')) return ParseString(node);
    if (Sees('[')) return ParseList(node);
    if (Sees('{')) return ParseBlock(node);
    return ParseWordOrBlock(node);
  }

  bool ParseWordOrBlock(Node& node) {
    const std::size_t begin = at_;
    const std::string_view word = TakeWord();
    const std::size_t end = at_;
    SkipSpace();
    if (word.empty() || (Sees(':') && text_.substr(at_, 2) != "::")) {
      Rewind(begin);
      Error(kSyntax, node.key, {"'" + std::string(node.key) + "' has no value", "", ""});
      return false;
    }
    if (Sees('{')) {
      node.refines = word.starts_with('+');
      node.name = word.substr(node.refines ? 1 : 0);
      return ParseBlock(node);
    }
    Rewind(end);
    node.kind = NodeKind::kWord;
    node.value = word;
    return true;
  }

  bool ParseString(Node& node) {
    node.kind = NodeKind::kString;
    const std::size_t begin = ++at_;
    while (!AtEnd() && !Sees('"')) at_ += Sees('\\') ? 2 : 1;
    at_ = std::min(at_, text_.size());
    node.value = text_.substr(begin, at_ - begin);
    if (StringIsOpen(node.value)) {
      at_ = std::min(text_.find('\n', begin), text_.size());
      node.value = Trim(text_.substr(begin, at_ - begin));
      Error(kNotClosed,
            text_.substr(begin - 1, 1),
            {"the text of '" + std::string(node.key) + "' is not closed", "", "end it with \""});
      return true;
    }
    ++at_;
    return true;
  }

  // A string may have several lines. It is taken as open when the end of the file was reached, or
  // when what would close it looks like the beginning of a later string.
  bool StringIsOpen(std::string_view value) const {
    if (AtEnd()) return true;
    if (value.find('\n') == std::string_view::npos) return false;
    const std::string_view trimmed = Trim(value);
    const bool next_opens = trimmed.ends_with(':') || trimmed.ends_with('[') ||
                            trimmed.ends_with(',') ||
                            (at_ + 1 < text_.size() && !EndsWord(text_[at_ + 1]));
    return next_opens && FindParameterLine(value) != std::string_view::npos;
  }

  bool ParseExpression(Node& node) {
    node.kind = NodeKind::kExpression;
    const std::string_view rest = text_.substr(at_);
    const std::size_t end = rest.find(";;");
    const std::string_view value = rest.substr(0, end);
    std::size_t next = FindParameterLine(value);
    if (end != std::string_view::npos && next == std::string_view::npos) {
      node.value = value;
      at_ += end + 2;
      return true;
    }
    next = std::min(next, value.size());
    const std::size_t stop = ExpressionEndBefore(value, next);
    node.value = value.substr(0, stop);
    at_ += stop;
    Error(kNoExpressionEnd,
          node.key,
          {"the expression of '" + std::string(node.key) + "' has no ';;'",
           "",
           "write ;; behind its last character"});
    return true;
  }

  bool ParseBlock(Node& node) {
    node.kind = NodeKind::kBlock;
    if (++depth_ > kSyntaxDepthMax) return TooDeep();
    ++at_;
    ParseProperties(node.children, &node);
    --depth_;
    if (gave_up_) return true;
    if (Sees('}')) {
      ++at_;
      return true;
    }
    const std::string_view what = node.name.empty() ? node.key : node.name;
    const std::string title =
        std::string(node.key) + (node.name.empty() ? "" : ": " + std::string(node.name));
    Error(kNotClosed, what, {"'" + title + "' has no closing '}'", "this block is not closed", ""});
    return true;
  }

  bool ParseList(Node& node) {
    node.kind = NodeKind::kList;
    const std::size_t begin = at_;
    if (++depth_ > kSyntaxDepthMax) return TooDeep();
    ++at_;
    bool after_comma = true;
    for (;;) {
      const bool line_end = SkipSpace();
      if (Sees(']')) break;
      const bool missing = !after_comma && line_end && BeginsWithParameter(text_.substr(at_, 200));
      if (AtEnd() || Sees('}') || Sees(';') || missing) {
        --depth_;
        if (gave_up_) return true;
        Error(kNotClosed,
              text_.substr(begin, 1),
              {"the list of '" + std::string(node.key) + "' is not closed", "", "end it with ]"});
        return true;
      }
      after_comma = Sees(',');
      if (after_comma) {
        ++at_;
      } else {
        ParseItem(node.children);
      }
    }
    ++at_;
    --depth_;
    return true;
  }

  // A word, a string, a list, or a pair `word: value`.
  void ParseItem(std::vector<Node>& out) {
    Node item;
    item.file = syntax_.file.get();
    item.begin = Offset(at_);
    bool good = true;
    if (Sees('"')) {
      good = ParseString(item);
    } else if (Sees('[')) {
      good = ParseList(item);
    } else {
      good = ParseWordItem(item);
    }
    item.end = Offset(at_);
    if (good) out.push_back(std::move(item));
  }

  bool ParseWordItem(Node& item) {
    item.value = TakeWord();
    if (item.value.empty()) {
      Error(kSyntax, At(1), {"unexpected '" + std::string(At(1)) + "' in a list", "", ""});
      ++at_;
      return false;
    }
    const std::size_t end = at_;
    SkipSpace();
    if (!Sees(':')) {
      Rewind(end);
      return true;
    }
    ++at_;
    SkipSpace();
    item.key = std::exchange(item.value, std::string_view());
    if (Sees('"')) return ParseString(item);
    if (Sees('[')) return ParseList(item);
    item.value = TakeWord();
    if (!item.value.empty()) return true;
    Error(kSyntax, item.key, {"'" + std::string(item.key) + "' has no value", "", ""});
    return false;
  }

  // Gives up on the rest of the file: text nested like this is no LookML.
  bool TooDeep() {
    Error(kTooDeep,
          At(1),
          {"blocks are nested deeper than " + std::to_string(kSyntaxDepthMax), "", ""});
    at_ = text_.size();
    gave_up_ = true;
    --depth_;
    return false;
  }

  std::string_view text_;
  Diagnostics& diagnostics_;
  Syntax syntax_;
  std::size_t at_ = 0;
  int depth_ = 0;
  bool gave_up_ = false;
};

}  // namespace

Span Node::SpanOf(std::string_view text) const {
  if (text.data() == nullptr) return span();
  const auto from = static_cast<std::uint32_t>(text.data() - file->text().data());
  return {file, from, from + static_cast<std::uint32_t>(text.size())};
}

Span Node::value_span() const {
  switch (kind) {
    case NodeKind::kWord:
      return SpanOf(value);
    case NodeKind::kString: {
      Span quoted = SpanOf(value);
      --quoted.begin;
      quoted.end = std::min(quoted.end + 1, end);
      return quoted;
    }
    case NodeKind::kExpression: {
      const std::string_view trimmed = Trim(value);
      return trimmed.empty() ? key_span() : SpanOf(trimmed);
    }
    case NodeKind::kBlock:
      return name_span();
    case NodeKind::kList:
      return span();
  }
  return span();
}

const Node* Node::Find(std::string_view child_key) const {
  for (auto child = children.rbegin(); child != children.rend(); ++child) {
    if (child->key == child_key) return &*child;
  }
  return nullptr;
}

Syntax Parse(std::shared_ptr<const SourceFile> file, Diagnostics& diagnostics) {
  if (file->text().size() > kSyntaxBytesMax) {
    AddError(diagnostics, kSyntax, {}, {file->name() + " is larger than 1 GB", "", ""});
    Syntax empty;
    empty.file = std::move(file);
    return empty;
  }
  (void)diagnostics.Keep(file);
  return Parser(std::move(file), diagnostics).Run();
}

std::string Unescape(const Node& node) {
  if (node.value.find('\\') == std::string_view::npos) return std::string(node.value);
  std::string out;
  for (std::size_t i = 0; i < node.value.size(); ++i) {
    const std::string_view pair = node.value.substr(i, 2);
    if (pair == "\\\"" || pair == "\\\\") ++i;
    out += node.value[i];
  }
  return out;
}

bool IsExpressionKey(std::string_view key) {
  return key == "sql" || key.starts_with("sql_") || key == "html" || key.starts_with("expression");
}

}  // namespace kura::lookml
