// Exact decimals as a child computes them: digits in a string, one at a time (contract/semantics.md §2.1). Shares no code
// with core/number, so that the two can be held to one another.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/number/integer.h"

namespace tidemark::fuzz {

// A whole number of units of 1e-9.
struct SlowNumber {
  bool negative = false;  // never of zero
  std::string digits;     // without leading zeros; empty is zero
};

// Where a JSON number that begins at `begin` ends (RFC 8259 §6); `begin` if there is none.
std::size_t end_of_slow_number(std::string_view text, std::size_t begin);

// `text` is such a number, whole.
SlowNumber read_slow_number(std::string_view text);

// By size alone: −1, 0, 1.
int compare_digits(std::string_view a, std::string_view b);

// For numbers below 1e38.
Int128 to_int128(const SlowNumber& number);

}  // namespace tidemark::fuzz
