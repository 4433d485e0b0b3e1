// Naive exact decimals: digits in a string, one at a time (contract/semantics.md §2.1). Shares no code with
// core/number, so that the two can be compared.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/number/integer.h"

namespace tidemark::fuzz {

// A whole number of units of 1e-9.
struct SlowNumber {
  bool negative = false;  // never for zero
  std::string digits;     // without leading zeros; empty is zero
};

// Where a JSON number that begins at `begin` ends (RFC 8259 §6); `begin` if there is none.
std::size_t end_of_slow_number(std::string_view text, std::size_t begin);

// `text` is exactly one such number.
SlowNumber read_slow_number(std::string_view text);

// Compares magnitudes: −1, 0, 1.
int compare_digits(std::string_view a, std::string_view b);

// For numbers below 1e38.
Int128 to_int128(const SlowNumber& number);

}  // namespace tidemark::fuzz
