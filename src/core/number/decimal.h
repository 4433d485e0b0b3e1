// Exact decimals: the text of a JSON number → units of 1e-9, never through a double
// (contract/semantics.md, bars). Digits beyond the ninth place round half away from zero.
#pragma once

#include <optional>
#include <string_view>

#include "core/number/integer.h"

namespace tidemark {

struct ParsedDecimal {
  Int128 nanos = 0;           // 1e-9; meaningless if out_of_range
  bool out_of_range = false;  // |value| >= 1e29: more than any field of the contract takes
  bool negative = false;      // tells, out of range, on which side …
  bool has_fraction = false;  // … and whether it is no whole number
};

// `text` is a number as RFC 8259 writes it (the JSON reader has made sure). Any length, any exponent.
ParsedDecimal parse_decimal(std::string_view text);

}  // namespace tidemark
