// A naive JSON reader: a tree of values, strings as UTF-16 code units (contract/semantics.md §1.4–1.8). Shares no code
// with core/wire.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tidemark::fuzz {

struct SlowMember;

struct SlowValue {
  enum class Kind { Null, True, False, Number, String, Array, Object } kind = Kind::Null;
  std::string number;     // its text
  std::u16string string;  // its code units
  std::vector<SlowValue> elements;
  std::vector<SlowMember> members;

  const SlowValue* find(std::u16string_view key) const;  // the first one of this name
  std::size_t depth() const;                             // 1 for a number, or an array without elements
  bool has_duplicate_key() const;                        // at any depth
};

struct SlowMember {
  std::u16string name;
  SlowValue value;
};

// Empty if `text` is not JSON. Recursive: not for texts nested by thousands.
std::optional<SlowValue> read_slow_json(std::string_view text);

// Empty if it contains a lone surrogate.
std::optional<std::string> to_utf8(std::u16string_view units);

}  // namespace tidemark::fuzz
