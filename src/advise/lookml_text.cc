// Layout and quoting.
#include "advise/lookml_text.h"

#include "base/text.h"

namespace kura::advise {
namespace {

constexpr std::size_t kWidth = 98;
constexpr std::size_t kCommentWidth = 96;

// The pieces between which a line may break: at a space that is not beside "=", and behind the
// Japanese comma and full stop. The spaces stay at the ends of the pieces.
std::vector<std::string_view> Breakable(std::string_view text) {
  std::vector<std::string_view> pieces;
  std::size_t begin = 0;
  const auto cut = [&](std::size_t end) {
    if (end > begin) pieces.push_back(text.substr(begin, end - begin));
    begin = end;
  };
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::string_view rest = text.substr(at);
    const bool beside_equals = rest.starts_with(" =") || (at > 0 && text[at - 1] == '=');
    if (text[at] == ' ' && !beside_equals) cut(at + 1);
    if (rest.starts_with("、") || rest.starts_with("。")) cut(at + std::string_view("、").size());
  }
  cut(text.size());
  return pieces;
}

}  // namespace

void LookmlText::Comment(std::string_view text) {
  for (const std::string_view paragraph : Split(text, '\n')) {
    std::string line = "# ";
    for (const std::string_view piece : Breakable(paragraph)) {
      if (line != "# " && DisplayWidth(line) + DisplayWidth(Trim(piece)) > kCommentWidth) {
        Line(Trim(line));
        line = "# ";
      }
      line.append(piece);
    }
    Line(Trim(line));
  }
}

void LookmlText::Open(std::string_view key, std::string_view name) {
  Line(std::string(key) + ": " + std::string(name) + " {");
  ++depth_;
}

void LookmlText::Open(std::string_view key) {
  Line(std::string(key) + ": {");
  ++depth_;
}

void LookmlText::Close() {
  --depth_;
  Line("}");
}

void LookmlText::Text(std::string_view key, std::string_view text) {
  if (!text.empty()) Line(std::string(key) + ": " + QuoteLookml(text));
}

void LookmlText::Word(std::string_view key, std::string_view word) {
  Line(std::string(key) + ": " + std::string(word));
}

void LookmlText::List(std::string_view key, const std::vector<std::string>& items, bool quoted) {
  if (items.empty()) return;
  std::vector<std::string> printed;
  printed.reserve(items.size());
  for (const std::string& item : items) printed.push_back(quoted ? QuoteLookml(item) : item);
  const std::string begin = std::string(key) + ": [";
  const std::string indent((depth_ + 1) * 2, ' ');
  Line(begin + Wrap(printed, kWidth - depth_ * 2 - begin.size(), indent) + "]");
}

void LookmlText::Sql(std::string_view key, std::string_view sql) {
  if (sql.find('\n') == std::string_view::npos) {
    return Line(std::string(key) + ": " + std::string(sql) + " ;;");
  }
  Line(std::string(key) + ":");
  ++depth_;
  const std::vector<std::string_view> lines = Split(sql, '\n');
  for (std::size_t i = 0; i < lines.size(); ++i) {
    Line(std::string(lines[i]) + (i + 1 == lines.size() ? " ;;" : ""));
  }
  --depth_;
}

void LookmlText::Blank() {
  text_ += '\n';
}

void LookmlText::Line(std::string_view line) {
  text_.append(depth_ * 2, ' ').append(line).append("\n");
}

std::string QuoteLookml(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c == '\n' || c == '\r' || c == '\t' ? ' ' : c;
  }
  // Templates and constants begin with these; a comment of a table means none of them.
  for (const auto& [from, to] : {std::pair{"{{", "{ {"}, {"{%", "{ %"}, {"@{", "@ {"}}) {
    out = ReplaceAll(out, from, to);
  }
  return out + "\"";
}

std::string Wrap(const std::vector<std::string>& items, std::size_t width,
                 std::string_view indent) {
  std::string out;
  std::size_t used = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string item = items[i] + (i + 1 < items.size() ? "," : "");
    const std::size_t needs = DisplayWidth(item) + 1;
    if (i > 0 && used + needs > width) {
      out.append("\n").append(indent);
      used = 0;
    } else if (i > 0) {
      out += ' ';
    }
    out += item;
    used += needs;
  }
  return out;
}

}  // namespace kura::advise
