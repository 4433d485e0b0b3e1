// Writes bars and trends as JSON lines: compact, keys in the contract's order, with integers only, never through a
// double (contract/semantics.md).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/market/bar.h"
#include "core/market/trend.h"

namespace tidemark {

// `"text"`, with the escapes that JSON demands. The text is valid UTF-8.
void append_json_string(std::string_view text, std::string& out);

// Units of 1e-9 as the shortest exact decimal: 175300000000 → 175.3.
void append_decimal(Int128 nanos, std::string& out);
// Units of 1e-4 with four places: 1753000 → 175.3000.
void append_fixed4(Int128 units, std::string& out);
// Units of 1e-9 with `places` decimals (0 to 9). `nanos` is a multiple of the last place: 175300000000, 4 → 175.3000.
void append_fixed(Int128 nanos, int places, std::string& out);

// A bar as in topic alpaca_trends, without a line end. The second function adds verdict and position, as in topic
// tidemark_bars.
void append_bar(const Bar& bar, std::string& out);
void append_judged_bar(const Bar& bar, Verdict verdict, std::int64_t position, std::string& out);

// A trend as in topic alpaca_trend_results, without a line end.
void append_trend(const Trend& trend, std::string& out);

}  // namespace tidemark
