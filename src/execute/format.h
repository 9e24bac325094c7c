// execute/format.h: an Answer as text: JSON, CSV, and the table of a terminal.
#pragma once
#include <string>

#include "execute/execute.h"

namespace kura::execute {

/// The value as people read it: value_format applied, digits grouped, "未到着"/"not arrived" for
/// periods without data yet, "–" for NULL. `language` is "ja" or "en".
std::string Rendered(const Answer& answer, std::size_t row, std::size_t column,
                     std::string_view language);

/// docs/http.md "json": an array of objects. Numbers are exact (DESIGN §11.5).
std::string ToJson(const Answer& answer);

/// docs/http.md "json_detail"; `fields_json` is the FIELD list that the server prints.
std::string ToJsonDetail(const Answer& answer, const std::string& fields_json,
                         std::string_view ran_at);

/// RFC 4180 with a header of field names; a NULL is an empty field.
std::string ToCsv(const Answer& answer);

/// Aligned columns for a terminal; Japanese characters take two. `colour` dims the header.
std::string ToTable(const Answer& answer, std::string_view language, bool colour = false);

}  // namespace kura::execute
