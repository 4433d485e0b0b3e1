// A question in HiveQL, as DuckDB reads it. It is asked for only where DuckDB does not understand what was typed, so nothing
// that is DuckDB's SQL changes its meaning.
//
//     FROM default.stock_trends           →  FROM         stock_trends
//     `avg_close`                         →  "avg_close"
//     WHERE trend_signal = "BULLISH"      →  WHERE trend_signal = 'BULLISH'
//     current_timestamp()                 →  current_timestamp
//     a DIV b, a <=> b                    →  a //  b, a IS NOT DISTINCT FROM b
//
// The other half is functions: io/query/hive_functions.h.
#pragma once

#include <string>
#include <string_view>

namespace tidemark {

// The same text where it has none of these words. Strings in single quotes, dollar quotes and comments are copied as they stand.
//
// Double quotes hold text in HiveQL and a name in DuckDB's SQL. They become text behind a comparison, LIKE or in an IN list, and
// where their content could not be a name; next to a point, behind AS, and where the question makes such a name with
// AS, they stay a name. So a mistyped column is an error, not a constant.
std::string hive_reading(std::string_view sql);

}  // namespace tidemark
