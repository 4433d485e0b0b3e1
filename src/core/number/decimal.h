// Exact decimals: the text of a JSON number → units of 1e-9, never through a double (contract/semantics.md, bars).
// Digits after the ninth decimal place round half away from zero.
#pragma once

#include <optional>
#include <string_view>

#include "core/number/integer.h"

namespace tidemark {

struct ParsedDecimal {
  Int128 nanos = 0;           // 1e-9; meaningless if out_of_range
  bool out_of_range = false;  // |value| >= 1e29: beyond every field of the contract
  bool negative = false;      // the sign, also where it is out of range
  bool has_fraction = false;  // where it is out of range: it is not a whole number
};

// `text` is a number by the grammar of RFC 8259; the JSON reader has checked it. Any length, any exponent.
ParsedDecimal parse_decimal(std::string_view text);

}  // namespace tidemark
