// advise/lookml_text.h: writes LookML as a person would lay it out. Texts are quoted here, so what
// a source's comments hold cannot end a string or begin a template.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace kura::advise {

/// Builds one file.
class LookmlText {
 public:
  /// A comment of one or more lines, wrapped.
  void Comment(std::string_view text);
  /// "view: users {", up to Close.
  void Open(std::string_view key, std::string_view name);
  /// "derived_table: {".
  void Open(std::string_view key);
  void Close();
  /// key: "text"; nothing when the text is empty.
  void Text(std::string_view key, std::string_view text);
  /// key: word
  void Word(std::string_view key, std::string_view word);
  /// key: [a, b]; `quoted` for texts. Wrapped.
  void List(std::string_view key, const std::vector<std::string>& items, bool quoted);
  /// sql: … ;; a text of several lines stands below its key.
  void Sql(std::string_view key, std::string_view sql);
  void Blank();

  const std::string& text() const { return text_; }

 private:
  void Line(std::string_view line);

  std::string text_;
  std::size_t depth_ = 0;
};

/// A text as LookML quotes it.
std::string QuoteLookml(std::string_view text);

/// The items joined by ", " in lines of at most `width` columns; later lines begin with `indent`.
std::string Wrap(const std::vector<std::string>& items, std::size_t width, std::string_view indent);

}  // namespace kura::advise
