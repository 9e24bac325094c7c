// advise/names.h: names of tables and columns as words, and as names of LookML and of SQL.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace kura::advise {

/// The words of an identifier in lower case: "createdAt", "created_at" → {"created", "at"}.
std::vector<std::string> NameWords(std::string_view name);

/// The name as LookML takes it: "Created At" → "created_at"; letters of other scripts stay.
std::string FieldName(std::string_view name);

/// The table's name without the prefixes that only say that it is a table: "m_shops", "tbl_shops",
/// "trn_orders" → "shops", "shops", "orders"; as a field's name.
std::string BareTableName(std::string_view table);

/// "companies" → "company", "funding_offers" → "funding_offer", "status" → "status".
std::string Singular(std::string_view name);

/// "company" → "companies"; what is plural already stays.
std::string Plural(std::string_view name);

/// Splits "deleted_at", "opened_on", "joined_date" at the word that only says that it is a time:
/// the event ("deleted"); the whole name when there is no such word.
std::string TimeStem(std::string_view name);

/// A name as SQL of the warehouse takes it: plain when it needs no quotes.
std::string SqlName(std::string_view name);

/// Whether LookML can hold the name of a column or table: not when it would end a text or an
/// expression, or begin a template.
bool IsWritable(std::string_view name);

/// Whether the names have this one, in any case.
bool Contains(const std::vector<std::string>& names, std::string_view name);

}  // namespace kura::advise
