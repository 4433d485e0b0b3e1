// Parses with Boost.JSON and copies the result, so that no other file depends on it.
#include "io/net/json_value.h"

#include <fmt/format.h>

#include <boost/json/parse.hpp>
#include <boost/json/src.hpp>

namespace tidemark {
namespace {

namespace json = boost::json;

JsonValue copy(const json::value& from) {
  using Kind = JsonValue::Kind;
  JsonValue to;
  switch (from.kind()) {
    case json::kind::null:
      break;
    case json::kind::bool_:
      to.kind = Kind::Boolean;
      to.boolean = from.get_bool();
      break;
    case json::kind::int64:
      to.kind = Kind::Integer;
      to.integer = from.get_int64();
      break;
    case json::kind::uint64:
    case json::kind::double_:
      to.kind = Kind::Real;
      break;
    case json::kind::string:
      to.kind = Kind::String;
      to.text = std::string(from.get_string());
      break;
    case json::kind::array:
      to.kind = Kind::Array;
      for (const json::value& item : from.get_array()) to.items.push_back(copy(item));
      break;
    case json::kind::object:
      to.kind = Kind::Object;
      for (const auto& member : from.get_object()) {
        to.names.emplace_back(member.key());
        to.items.push_back(copy(member.value()));
      }
      break;
  }
  return to;
}

}  // namespace

const JsonValue* JsonValue::find(std::string_view name) const {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return &items[i];
  }
  return nullptr;
}

std::optional<std::string> JsonValue::text_of(std::string_view name) const {
  const JsonValue* const value = find(name);
  return value && value->kind == Kind::String ? std::optional(value->text) : std::nullopt;
}

std::optional<std::int64_t> JsonValue::integer_of(std::string_view name) const {
  const JsonValue* const value = find(name);
  return value && value->kind == Kind::Integer ? std::optional(value->integer) : std::nullopt;
}

Result<JsonValue> parse_json(std::string_view text) {
  boost::system::error_code error;
  json::stream_parser parser(json::storage_ptr{}, json::parse_options{.max_depth = 32});
  const std::size_t read = parser.write_some(text.data(), text.size(), error);
  if (!error && read < text.size()) error = json::error::extra_data;
  if (!error) parser.finish(error);
  if (error)
    return std::unexpected(Error::permanent(fmt::format("invalid JSON at byte {}: {}", read, error.message())));
  return copy(parser.release());
}

}  // namespace tidemark
