// Words of names and comments first; sampled values for columns whose names say nothing.
#include "advise/personal.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "advise/names.h"
#include "base/text.h"

namespace kura::advise {
namespace {

// Words are separated by spaces: whole names of columns or endings behind "_", and parts of
// comments.
struct NameRule {
  std::string_view what;
  std::string_view names;
  std::string_view comments;
};

constexpr std::array kRules = {
    NameRule{"secret",
             "password passwd password_digest password_hash encrypted_password secret api_key "
             "access_token refresh_token reset_token auth_token salt otp pin_code",
             "パスワード 暗証番号"},
    NameRule{"email",
             "email mail mail_address email_address e_mail mailaddress",
             "メールアドレス Eメール"},
    NameRule{"phone",
             "phone tel telephone phone_number tel_no mobile fax cellphone mobile_phone",
             "電話番号 携帯番号 FAX番号"},
    NameRule{"person's name",
             "first_name last_name full_name family_name given_name middle_name sei mei surname "
             "real_name person_name contact_name owner_name representative_name recipient_name "
             "holder_name account_holder",
             "氏名 お名前 本名 名義 担当者名 代表者名"},
    NameRule{"kana",
             "kana furigana sei_kana mei_kana name_kana kana_name",
             "フリガナ ふりがな カナ氏名 氏名カナ"},
    NameRule{"address",
             "address addr address1 address2 address_line1 address_line2 street street_address "
             "building",
             "住所 番地 建物名"},
    NameRule{"postal code", "zip zip_code zipcode postal_code postcode post_code", "郵便番号"},
    NameRule{"birthday",
             "birthday birth_date birthdate date_of_birth dob born_on birth_day",
             "生年月日 誕生日"},
    NameRule{"bank account",
             "account_number bank_account iban account_no bank_account_number",
             "口座番号"},
    NameRule{"card number", "card_number card_no pan cvv last4 card_last4", "カード番号"},
    NameRule{"identity number",
             "my_number mynumber passport_number license_number ssn national_id",
             "マイナンバー 免許証番号 旅券番号"},
    NameRule{"ip address", "ip ip_address remote_ip client_ip remote_addr", "IPアドレス"}};

bool EndsInName(const std::string& name, std::string_view ending) {
  if (name == ending) return true;
  return name.size() > ending.size() && name.ends_with(ending) &&
         name[name.size() - ending.size() - 1] == '_';
}

// A yes/no or a time about the data ("email_verified_at", "is_mail_ok") is not the data.
bool CanHoldData(const ColumnShape& column, std::string_view what) {
  using sql::TypeKind;
  const TypeKind kind = column.type.kind;
  if (what == "birthday")
    return kind == TypeKind::kDate || kind == TypeKind::kVarchar || kind == TypeKind::kTimestamp;
  if (kind == TypeKind::kVarchar || kind == TypeKind::kBlob) return true;
  const bool number = kind == TypeKind::kBigInt || kind == TypeKind::kUBigInt ||
                      kind == TypeKind::kInteger || kind == TypeKind::kUInteger;
  return number && what != "person's name" && what != "secret" && what != "email";
}

bool IsEnum(const ColumnShape& column) {
  return !EnumValues(column.source_type).empty();
}

bool LooksLikeEmail(std::string_view text) {
  const std::size_t at = text.find('@');
  return at != std::string_view::npos && at > 0 && text.find('.', at) != std::string_view::npos &&
         text.find(' ') == std::string_view::npos && text.find('/') == std::string_view::npos;
}

// Ten or eleven digits that begin with 0, or + and more; hyphens and brackets between them.
bool LooksLikePhone(std::string_view text) {
  std::size_t digits = 0;
  std::size_t signs = 0;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      ++digits;
    } else if (c == '-' || c == '(' || c == ')' || c == ' ' || c == '+') {
      ++signs;
    } else {
      return false;
    }
  }
  const bool international = text.starts_with('+') && digits >= 10 && digits <= 15;
  const bool local = text.starts_with('0') && (digits == 10 || digits == 11) && signs <= 4;
  return international || local;
}

bool LooksLikeAddress(std::string_view text) {
  bool prefecture = false;
  for (const std::string_view word : {"都", "道", "府", "県"}) {
    prefecture = prefecture || text.find(word) != std::string_view::npos;
  }
  bool place = false;
  for (const std::string_view word : {"市", "区", "町", "村"}) {
    place = place || text.find(word) != std::string_view::npos;
  }
  return prefecture && place && text.find_first_of("0123456789") != std::string_view::npos;
}

std::optional<PersonalMark> ByValues(const ColumnShape& column) {
  constexpr std::size_t kValuesMin = 5;
  constexpr std::size_t kPercentMin = 60;
  if (column.type.kind != sql::TypeKind::kVarchar || IsEnum(column)) return std::nullopt;
  std::size_t filled = 0;
  std::size_t emails = 0;
  std::size_t phones = 0;
  std::size_t addresses = 0;
  for (const std::string& value : column.values) {
    if (value.empty()) continue;
    ++filled;
    if (LooksLikeEmail(value)) ++emails;
    if (LooksLikePhone(value)) ++phones;
    if (LooksLikeAddress(value)) ++addresses;
  }
  if (filled < kValuesMin) return std::nullopt;
  const auto mark = [&](std::string what, std::size_t count) -> std::optional<PersonalMark> {
    if (count * 100 < filled * kPercentMin) return std::nullopt;
    return PersonalMark{std::move(what),
                        fmt::format("by {} % of its values", count * 100 / filled)};
  };
  if (auto found = mark("email", emails)) return found;
  if (auto found = mark("phone", phones)) return found;
  return mark("address", addresses);
}

}  // namespace

bool HoldsPeople(const TableShape& table) {
  static constexpr std::array<std::string_view, 20> kPeople = {
      "user",   "member",  "customer", "person",    "employee", "staff",  "contact",
      "client", "patient", "student",  "applicant", "buyer",    "seller", "owner",
      "author", "account", "profile",  "admin",     "operator", "guest"};
  const std::string name = Singular(BareTableName(table.name));
  const bool named = std::any_of(kPeople.begin(), kPeople.end(), [&](std::string_view people) {
    return EndsInName(name, people) || name.starts_with(std::string(people) + "_");
  });
  if (named) return true;
  for (const std::string_view word : {"会員", "ユーザー", "顧客", "従業員", "社員"}) {
    if (table.comment.find(word) != std::string::npos) return true;
  }
  return false;
}

std::optional<PersonalMark> RecognisePersonal(const TableShape& table, const ColumnShape& column) {
  if (IsEnum(column)) return std::nullopt;
  const std::string name = FieldName(column.name);
  for (const NameRule& rule : kRules) {
    if (!CanHoldData(column, rule.what)) continue;
    for (const std::string_view known : Split(rule.names, ' ')) {
      if (EndsInName(name, known)) return PersonalMark{std::string(rule.what), "by its name"};
    }
    for (const std::string_view known : Split(rule.comments, ' ')) {
      if (column.comment.find(known) != std::string::npos) {
        return PersonalMark{std::string(rule.what), "by its comment"};
      }
    }
  }
  const bool is_name = name == "name" || name == "username" || name == "user_name" ||
                       name == "nickname" || name == "display_name";
  if (is_name && HoldsPeople(table) && CanHoldData(column, "person's name")) {
    return PersonalMark{"person's name", "by its name"};
  }
  return ByValues(column);
}

std::string ProposedTreatment(const PersonalMark& mark) {
  if (mark.what == "secret") return "exclude";
  // Equal inputs stay equal, so people can still be counted and joined by them.
  if (mark.what == "email" || mark.what == "phone") return "sha256";
  return "null";
}

}  // namespace kura::advise
