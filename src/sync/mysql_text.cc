// Decoding by table, and making the table: every well-formed code of the set goes to the server in
// one literal, and comes back as UTF-8 in the same order (31,677 codes of sjis take 16 ms).
#include "sync/mysql_text.h"

#include <algorithm>
#include <array>
#include <map>
#include <mutex>
#include <optional>

#include "base/text.h"

namespace kura::sync {
namespace {

constexpr char32_t kReplacement = 0xFFFD;
constexpr unsigned char kThreeBytes = 0x8F;  // begins three bytes in ujis and eucjpms
constexpr unsigned char kHalfKana = 0x8E;    // begins two bytes there

struct ByteRange {
  unsigned first;
  unsigned last;
};

// The well-formed codes of a set of one or two bytes (ujis and eucjpms: three, behind 0x8F).
struct Codes {
  std::vector<ByteRange> singles;
  std::vector<ByteRange> leads;
  std::vector<ByteRange> trails;
};

bool Contains(const std::vector<ByteRange>& ranges, unsigned byte) {
  return std::any_of(ranges.begin(), ranges.end(), [&](const ByteRange& range) {
    return byte >= range.first && byte <= range.last;
  });
}

std::optional<Codes> CodesOf(std::string_view name) {
  static const std::map<std::string, Codes, std::less<>> kDouble = {
      {"sjis",
       {{{0x00, 0x7F}, {0xA1, 0xDF}}, {{0x81, 0x9F}, {0xE0, 0xFC}}, {{0x40, 0x7E}, {0x80, 0xFC}}}},
      {"cp932",
       {{{0x00, 0x7F}, {0xA1, 0xDF}}, {{0x81, 0x9F}, {0xE0, 0xFC}}, {{0x40, 0x7E}, {0x80, 0xFC}}}},
      {"ujis", {{{0x00, 0x7F}}, {{0xA1, 0xFE}}, {{0xA1, 0xFE}}}},
      {"eucjpms", {{{0x00, 0x7F}}, {{0xA1, 0xFE}}, {{0xA1, 0xFE}}}},
      {"euckr", {{{0x00, 0x7F}}, {{0x81, 0xFE}}, {{0x41, 0x5A}, {0x61, 0x7A}, {0x81, 0xFE}}}},
      {"gb2312", {{{0x00, 0x7F}}, {{0xA1, 0xF7}}, {{0xA1, 0xFE}}}},
      {"gbk", {{{0x00, 0x7F}}, {{0x81, 0xFE}}, {{0x40, 0x7E}, {0x80, 0xFE}}}},
      {"big5", {{{0x00, 0x7F}}, {{0xA1, 0xF9}}, {{0x40, 0x7E}, {0xA1, 0xFE}}}},
  };
  static const std::array<std::string_view, 24> kSingle = {
      "armscii8", "cp1250",  "cp1251", "cp1256", "cp1257", "cp850",    "cp852", "cp866",
      "dec8",     "geostd8", "greek",  "hebrew", "hp8",    "keybcs2",  "koi8r", "koi8u",
      "latin1",   "latin2",  "latin5", "latin7", "macce",  "macroman", "swe7",  "tis620"};
  if (const auto found = kDouble.find(name); found != kDouble.end()) return found->second;
  if (std::find(kSingle.begin(), kSingle.end(), name) == kSingle.end()) return std::nullopt;
  return Codes{{{0x00, 0xFF}}, {}, {}};
}

std::optional<CharsetForm> PlainForm(std::string_view name) {
  if (IsUtf8Charset(name)) return CharsetForm::kUtf8;
  if (name == "ucs2" || name == "utf16") return CharsetForm::kUtf16;
  if (name == "utf16le") return CharsetForm::kUtf16Le;
  if (name == "utf32") return CharsetForm::kUtf32;
  return std::nullopt;
}

}  // namespace

// Lists the codes of a set, and fills the tables from the server's answer.
class CharsetBuilder {
 public:
  CharsetBuilder(std::string name, const Codes& codes) : name_(std::move(name)), codes_(codes) {
    for (unsigned byte = 0; byte < 256; ++byte) {
      if (Contains(codes_.singles, byte)) Add({static_cast<unsigned char>(byte)});
    }
    for (unsigned lead = 0; lead < 256; ++lead) {
      if (Contains(codes_.leads, lead)) AddTrails({static_cast<unsigned char>(lead)});
    }
    if (!IsEucJapan()) return;
    for (unsigned kana = 0xA1; kana <= 0xDF; ++kana) {
      Add({kHalfKana, static_cast<unsigned char>(kana)});
    }
    for (unsigned lead = 0xA1; lead <= 0xFE; ++lead) {
      AddTrails({kThreeBytes, static_cast<unsigned char>(lead)});
    }
  }

  // Null when the server does not answer one character per code.
  Result<std::shared_ptr<const Charset>> Build(MysqlConnection& connection) const {
    TRY(const auto rows, connection.Query(Question()));
    auto charset = std::make_shared<Charset>(IsEucJapan()           ? CharsetForm::kEucJapan
                                             : codes_.leads.empty() ? CharsetForm::kBytes
                                                                    : CharsetForm::kDoubleBytes);
    const bool answered = rows.size() == 1 && rows[0][0] && Fill(*rows[0][0], charset.get());
    if (!answered) return std::shared_ptr<const Charset>();
    return std::shared_ptr<const Charset>(std::move(charset));
  }

 private:
  using Code = std::vector<unsigned char>;

  bool IsEucJapan() const { return name_ == "ujis" || name_ == "eucjpms"; }

  void Add(Code code) { list_.push_back(std::move(code)); }

  void AddTrails(const Code& begin) {
    for (unsigned trail = 0; trail < 256; ++trail) {
      if (!Contains(codes_.trails, trail)) continue;
      Add(begin);
      list_.back().push_back(static_cast<unsigned char>(trail));
    }
  }

  // A code is followed by a line feed, which no code contains but the one that is it.
  std::string Question() const {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string sql = "SELECT CONVERT(CONVERT(x'";
    for (const Code& code : list_) {
      for (const unsigned char byte : code) {
        sql += kDigits[byte >> 4];
        sql += kDigits[byte & 15];
      }
      sql += "0A";
    }
    return sql + "' USING " + name_ + ") USING utf8mb4)";
  }

  bool Fill(std::string_view answer, Charset* charset) const {
    charset->single_.resize(256);
    if (!codes_.leads.empty()) charset->pair_.resize(65536);
    if (IsEucJapan()) charset->triple_.resize(65536);
    charset->begins_pair_.resize(256);
    charset->ends_pair_.resize(256);
    for (unsigned byte = 0; byte < 256; ++byte) {
      charset->begins_pair_[byte] =
          Contains(codes_.leads, byte) || (IsEucJapan() && byte == kHalfKana);
      charset->ends_pair_[byte] = Contains(codes_.trails, byte);
    }
    std::size_t at = 0;
    for (const Code& code : list_) {
      if (at + 1 >= answer.size()) return false;
      const Rune rune = DecodeRune(answer, at);
      at += rune.size_bytes;
      if (at >= answer.size() || answer[at] != '\n' || rune.code_point > 0xFFFF) return false;
      ++at;
      const bool none =
          (rune.code_point == '?' && code != Code{'?'}) || rune.code_point == kReplacement;
      *Place(code, charset) = none ? char16_t{0} : static_cast<char16_t>(rune.code_point);
    }
    charset->is_latin1_ = name_ == "latin1";
    charset->keeps_ascii_ = true;
    for (char16_t byte = 1; byte < 0x80; ++byte) {
      if (charset->single_[byte] != byte) charset->keeps_ascii_ = false;
    }
    return at == answer.size();
  }

  static char16_t* Place(const Code& code, Charset* charset) {
    if (code.size() == 1) return &charset->single_[code[0]];
    const std::size_t last_two =
        static_cast<std::size_t>(code[code.size() - 2]) << 8 | code[code.size() - 1];
    return code.size() == 2 ? &charset->pair_[last_two] : &charset->triple_[last_two];
  }

  std::string name_;
  Codes codes_;
  std::vector<Code> list_;
};

Charset::Charset(CharsetForm form) : form_(form), keeps_ascii_(form == CharsetForm::kUtf8) {}

std::size_t Charset::Append(std::string_view bytes, std::string* out) const {
  switch (form_) {
    case CharsetForm::kUtf8:
      return AppendUtf8Text(bytes, out);
    case CharsetForm::kUtf16:
    case CharsetForm::kUtf16Le:
    case CharsetForm::kUtf32:
      return AppendWide(bytes, out);
    default:
      return AppendMapped(bytes, out);
  }
}

std::size_t Charset::AppendUtf8Text(std::string_view bytes, std::string* out) const {
  std::size_t bad = 0;
  for (std::size_t at = 0; at < bytes.size();) {
    const Rune rune = DecodeRune(bytes, at);
    const bool is_bad = rune.code_point == kReplacement && rune.size_bytes == 1;
    bad += is_bad ? 1 : 0;
    AppendUtf8(*out, rune.code_point);
    at += rune.size_bytes;
  }
  return bad;
}

std::size_t Charset::AppendWide(std::string_view bytes, std::string* out) const {
  const std::size_t unit_size = form_ == CharsetForm::kUtf32 ? 4 : 2;
  const auto unit = [&](std::size_t at) {
    char32_t value = 0;
    for (std::size_t i = 0; i < unit_size; ++i) {
      const std::size_t place = form_ == CharsetForm::kUtf16Le ? unit_size - 1 - i : i;
      value = value << 8 | static_cast<unsigned char>(bytes[at + place]);
    }
    return value;
  };
  std::size_t bad = 0;
  std::size_t at = 0;
  for (; at + unit_size <= bytes.size(); at += unit_size) {
    char32_t value = unit(at);
    if (unit_size == 2 && value >= 0xD800 && value < 0xDC00 && at + 4 <= bytes.size()) {
      const char32_t low = unit(at + 2);
      if (low >= 0xDC00 && low < 0xE000) {
        value = 0x10000 + ((value - 0xD800) << 10 | (low - 0xDC00));
        at += unit_size;
      }
    }
    const bool is_bad = (value >= 0xD800 && value < 0xE000) || value > 0x10FFFF;
    bad += is_bad ? 1 : 0;
    AppendUtf8(*out, is_bad ? kReplacement : value);
  }
  if (at == bytes.size()) return bad;
  AppendUtf8(*out, kReplacement);
  return bad + 1;
}

std::size_t Charset::AppendMapped(std::string_view bytes, std::string* out) const {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(bytes[at]); };
  const auto pair = [&](std::size_t at) {
    return static_cast<std::size_t>(byte(at)) << 8 | byte(at + 1);
  };
  std::size_t bad = 0;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t left = bytes.size() - at;
    char16_t code = single_[byte(at)];
    std::size_t size = 1;
    if (form_ == CharsetForm::kEucJapan && byte(at) == kThreeBytes && left >= 3) {
      code = triple_[pair(at + 1)];
      size = 3;
    } else if (begins_pair_[byte(at)] && left >= 2) {
      code = pair_[pair(at)];
      // A code that is cut short must not swallow the character behind it.
      size = code != 0 || ends_pair_[byte(at + 1)] ? 2 : 1;
    }
    const bool is_bad = code == 0 && byte(at) != 0;
    bad += is_bad ? 1 : 0;
    AppendUtf8(*out, is_bad ? kReplacement : static_cast<char32_t>(code));
    at += size;
  }
  return bad;
}

bool IsUtf8Charset(std::string_view name) {
  return name == "utf8mb4" || name == "utf8mb3" || name == "utf8" || name == "ascii";
}

Result<std::shared_ptr<const Charset>> FindCharset(MysqlConnection& connection,
                                                   const std::string& name) {
  using Key = std::pair<std::string, std::string>;
  static std::mutex mutex;
  static std::map<Key, std::shared_ptr<const Charset>> known;
  if (const auto form = PlainForm(name)) return std::make_shared<const Charset>(*form);
  const std::optional<Codes> codes = CodesOf(name);
  if (!codes) return std::shared_ptr<const Charset>();
  const Key key(connection.server_version(), name);
  {
    const std::scoped_lock lock(mutex);
    if (const auto found = known.find(key); found != known.end()) return found->second;
  }
  TRY(auto charset, CharsetBuilder(name, *codes).Build(connection));
  const std::scoped_lock lock(mutex);
  return known.emplace(key, std::move(charset)).first->second;
}

}  // namespace kura::sync
