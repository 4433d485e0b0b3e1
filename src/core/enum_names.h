// EnumNames: the names of an enum's values, to write one and to read it back. A value without a name does not compile.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "core/check.h"

namespace tidemark {

// Whether an enum has a value of this number: compilers write "value = tidemark::Topic::Bars]" for one that it has, and
// "value = (tidemark::Topic)5]" for one that it has not.
template <auto value>
consteval bool is_enumerator() {
  std::string_view text = __PRETTY_FUNCTION__;
  text.remove_suffix(1);
  while (text.back() >= '0' && text.back() <= '9') text.remove_suffix(1);
  return !text.ends_with(')');
}

// For enums whose values are 0, 1, 2 …; the names stand in this order.
template <typename Enum, std::size_t count>
struct EnumNames {
  static_assert(is_enumerator<static_cast<Enum>(count - 1)>(), "more names than values");
  static_assert(!is_enumerator<static_cast<Enum>(count)>(), "a value has no name");

  std::array<std::string_view, count> names;

  constexpr std::string_view operator[](Enum value) const {
    const auto number = static_cast<std::size_t>(value);
    CHECK(number < count);
    return names[number];
  }
  constexpr std::optional<Enum> find(std::string_view name) const {
    for (std::size_t number = 0; number < count; ++number)
      if (names[number] == name) return static_cast<Enum>(number);
    return std::nullopt;
  }
};

}  // namespace tidemark
