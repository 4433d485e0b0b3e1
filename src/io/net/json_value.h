// JsonValue: JSON that somebody sent, as a tree. For small texts of the control plane; records have core/wire.
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
  std::int64_t integer = 0;  // a number that is no int64 is a Real, and nobody here wants one
  std::string text;
  std::vector<std::string> names;  // of an object's members
  std::vector<JsonValue> items;    // of an array, or what the names stand for

  // Of an object; null when there is none of this name.
  const JsonValue* find(std::string_view name) const;
  // Of a member; none when it is missing or of another kind.
  std::optional<std::string> text_of(std::string_view name) const;
  std::optional<std::int64_t> integer_of(std::string_view name) const;
};

// Error::permanent says where it is no JSON; nested deeper than 32 is none.
Result<JsonValue> parse_json(std::string_view text);

}  // namespace tidemark
