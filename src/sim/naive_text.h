// Numbers as the contract rounds and writes them, once more and as plainly as can be: nothing of the product's own.
#pragma once

#include <string>

#include "core/number/integer.h"

namespace tidemark::sim {

// Half away from zero; the divisor is above zero.
constexpr Int128 round_division(Int128 number, Int128 divisor) {
  const Int128 magnitude = number < 0 ? -number : number;
  const Int128 rounded = (2 * magnitude + divisor) / (2 * divisor);
  return number < 0 ? -rounded : rounded;
}

// 1e-9 → 1e-4.
constexpr Int128 round4(Int128 units) { return round_division(units, 100'000); }

inline std::string digits(Int128 number) {
  if (number == 0) return "0";
  std::string text;
  for (Int128 rest = number < 0 ? -number : number; rest > 0; rest /= 10)
    text.insert(text.begin(), static_cast<char>('0' + static_cast<int>(rest % 10)));
  return text;
}

inline std::string with_point(Int128 number, std::size_t places) {
  std::string text = digits(number);
  if (text.size() <= places) text.insert(0, places + 1 - text.size(), '0');
  text.insert(text.size() - places, ".");
  return number < 0 ? "-" + text : text;
}

// 1e-9 as the shortest decimal (2.9).
inline std::string shortest(Int128 units) {
  std::string text = with_point(units, 9);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

// The digits behind the point that are no trailing zeros, counted as they are written.
inline std::size_t decimals(Int128 units) {
  const std::string text = shortest(units);
  const std::size_t point = text.find('.');
  return point == std::string::npos ? 0 : text.size() - point - 1;
}

// One of the last of so many places, in 1e-9.
constexpr Int128 unit_of(std::size_t places) {
  Int128 unit = 1;
  for (; places < 9; ++places) unit *= 10;
  return unit;
}

// 1e-9 with so many places (4.2), of which it is a whole number.
inline std::string fixed(Int128 units, std::size_t places) {
  return places == 0 ? (units < 0 ? "-" : "") + digits(units / unit_of(0))
                     : with_point(units / unit_of(places), places);
}

// 1e-4 with four places (4.2).
inline std::string text4(Int128 units) { return with_point(units, 4); }

}  // namespace tidemark::sim
