// simdjson's DOM copied into plain values, so that nobody else needs its header.
#include "base/json.h"

#include <fmt/format.h>
#include <simdjson.h>

namespace kura {
namespace {

using simdjson::dom::element_type;

JsonValue Copy(const simdjson::dom::element& element);

JsonValue CopyList(const simdjson::dom::array& array) {
  JsonValue value;
  value.kind = JsonValue::Kind::kList;
  for (const simdjson::dom::element item : array) value.list.push_back(Copy(item));
  return value;
}

JsonValue CopyObject(const simdjson::dom::object& object) {
  JsonValue value;
  value.kind = JsonValue::Kind::kObject;
  for (const simdjson::dom::key_value_pair member : object) {
    value.members.push_back({std::string(member.key), Copy(member.value)});
  }
  return value;
}

JsonValue Scalar(JsonValue::Kind kind, std::string text) {
  JsonValue value;
  value.kind = kind;
  value.text = std::move(text);
  return value;
}

// The kinds are known before the value is read, so the unsafe accessors cannot fail.
JsonValue Copy(const simdjson::dom::element& element) {
  JsonValue value;
  switch (element.type()) {
    case element_type::ARRAY:
      return CopyList(element.get_array().value_unsafe());
    case element_type::OBJECT:
      return CopyObject(element.get_object().value_unsafe());
    case element_type::STRING:
      return Scalar(JsonValue::Kind::kText, std::string(element.get_string().value_unsafe()));
    case element_type::INT64:
      return Scalar(JsonValue::Kind::kNumber, std::to_string(element.get_int64().value_unsafe()));
    case element_type::UINT64:
      return Scalar(JsonValue::Kind::kNumber, std::to_string(element.get_uint64().value_unsafe()));
    case element_type::DOUBLE:
      return Scalar(JsonValue::Kind::kNumber,
                    fmt::format("{}", element.get_double().value_unsafe()));
    case element_type::BOOL:
      value.kind = JsonValue::Kind::kBoolean;
      value.boolean = element.get_bool().value_unsafe();
      return value;
    case element_type::NULL_VALUE:
      return value;
  }
  return value;
}

}  // namespace

const JsonValue* JsonValue::Find(std::string_view name) const {
  const JsonValue* found = nullptr;
  for (const Member& member : members) {
    if (member.name == name) found = &member.value;
  }
  return found;
}

Result<JsonValue> ParseJson(std::string_view text, std::size_t bytes_max) {
  if (text.size() > bytes_max) {
    return Fail(Code::kInvalid, "the JSON has {} bytes, the limit is {}", text.size(), bytes_max);
  }
  simdjson::dom::parser parser;
  const simdjson::padded_string padded(text);
  simdjson::dom::element root;
  const simdjson::error_code error = parser.parse(padded).get(root);
  if (error) return Fail(Code::kInvalid, "not JSON: {}", simdjson::error_message(error));
  return Copy(root);
}

std::string QuoteJson(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\r':
        out += "\\r";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        } else {
          out += c;
        }
    }
  }
  return out + "\"";
}

}  // namespace kura
