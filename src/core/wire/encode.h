// Writing bars and trends as JSON lines: compact, keys in the contract's order, integers all the way,
// never a double (contract/semantics.md).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/market/bar.h"
#include "core/market/trend.h"

namespace tidemark {

// `"text"` with what JSON demands escaped; the text is valid UTF-8.
void append_json_string(std::string_view text, std::string& out);

// Units of 1e-9 as the shortest exact decimal: 175300000000 → 175.3.
void append_decimal(Int128 nanos, std::string& out);
// Units of 1e-4 with four places: 1753000 → 175.3000.
void append_fixed4(Int128 units, std::string& out);
// Units of 1e-9 with so many places (0 to 9), of which the number is a whole one: 175300000000, 4 → 175.3000.
void append_fixed(Int128 nanos, int places, std::string& out);

// A bar as it stands in topic alpaca_trends, without a line end. The second form adds the verdict and the
// position, as in topic tidemark_bars.
void append_bar(const Bar& bar, std::string& out);
void append_judged_bar(const Bar& bar, Verdict verdict, std::int64_t position, std::string& out);

// A trend as it stands in topic alpaca_trend_results, without a line end.
void append_trend(const Trend& trend, std::string& out);

}  // namespace tidemark
