// Translates a query from HiveQL to DuckDB's SQL. Used only if DuckDB does not understand the original, so that nothing
// that is valid in DuckDB changes its meaning.
//
//     FROM default.stock_trends           →  FROM         stock_trends
//     `avg_close`                         →  "avg_close"
//     WHERE trend_signal = "BULLISH"      →  WHERE trend_signal = 'BULLISH'
//     current_timestamp()                 →  current_timestamp
//     a DIV b, a <=> b                    →  a //  b, a IS NOT DISTINCT FROM b
//
// io/query/hive_functions.h provides the functions.
#pragma once

#include <string>
#include <string_view>

namespace tidemark {

// Text without these constructs is unchanged. Strings in single quotes, dollar quotes and comments are copied.
//
// In HiveQL double quotes hold text, in DuckDB's SQL a name. They become text after a comparison or LIKE, in an IN
// list, and where their content could not be a name. They stay a name next to a point, after AS, and where the query
// defines that name with AS. So a mistyped column is an error, not a constant.
std::string hive_reading(std::string_view sql);

}  // namespace tidemark
