// JsonValue: received JSON as a tree. For small texts of the control plane; records use core/wire.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace tidemark {

struct JsonValue {
  enum class Kind : std::uint8_t { Null, Boolean, Integer, Real, String, Array, Object };

  Kind kind = Kind::Null;
  bool boolean = false;
  std::int64_t integer = 0;  // numbers that do not fit are Real, which no caller needs
  std::string text;
  std::vector<std::string> names;  // of an object's members
  std::vector<JsonValue> items;    // elements of an array, or values of the names

  // The member of an object; null if there is none of this name.
  const JsonValue* find(std::string_view name) const;
  // The value of a member; empty if it is missing or of another kind.
  std::optional<std::string> text_of(std::string_view name) const;
  std::optional<std::int64_t> integer_of(std::string_view name) const;
};

// Error::permanent says where it is not valid JSON. Nesting deeper than 32 is an error.
Result<JsonValue> parse_json(std::string_view text);

}  // namespace tidemark
