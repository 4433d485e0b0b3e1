// The limits of the contract on what a bar says (contract/semantics.md §2, §2.2). Those on its time are in
// core/time/time_limits.h, the size of a record in core/wire/decode.h, those on windows in core/stream/window_spec.h.
//
// contract/schema says the same; limits_test.cc compares them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

#include "core/number/integer.h"

namespace tidemark {

inline constexpr std::size_t longest_symbol_name = 32;  // bytes
inline constexpr char first_symbol_character = '!', last_symbol_character = '~';
// As messages say it.
inline constexpr std::string_view symbol_rule = "1 to 32 visible characters";
static_assert(longest_symbol_name == 32);

// Whether a text may be a symbol.
constexpr bool is_symbol_name(std::string_view text) {
  return !text.empty() && text.size() <= longest_symbol_name && std::all_of(text.begin(), text.end(), [](char c) {
    return c >= first_symbol_character && c <= last_symbol_character;
  });
}

// Numbers are whole units of 1e-9. An absolute value must lie below its limit.
inline constexpr Int128 units_of_one = 1'000'000'000;
inline constexpr Int128 price_limit = std::numeric_limits<std::int64_t>::max();
inline constexpr Int128 volume_limit = units_of_one * 1'000'000'000 * 1'000'000'000;  // 10^18
inline constexpr Int128 change_limit = volume_limit * 1'000'000'000;                  // 10^27
inline constexpr Int128 most_trades = std::numeric_limits<std::int64_t>::max();       // a count, not in units

constexpr bool is_below(Int128 units, Int128 limit) { return -limit < units && units < limit; }
constexpr bool is_price(Int128 units) { return units > 0 && units < price_limit; }
constexpr bool is_vwap(Int128 units) { return is_below(units, price_limit); }
constexpr bool is_volume(Int128 units) { return units >= 0 && units < volume_limit; }
constexpr bool is_change(Int128 units) { return is_below(units, change_limit); }
constexpr bool is_trade_count(Int128 count) { return count >= 0 && count <= most_trades; }

}  // namespace tidemark
