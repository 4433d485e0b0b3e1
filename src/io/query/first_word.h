// Tells a query from a command by its first word, before DuckDB sees it: DuckDB may act on a command while only
// preparing it (EXPORT DATABASE then creates its folder).
#pragma once

#include <string_view>

namespace tidemark {

// True for SELECT, FROM, WITH, DESCRIBE and the like, and for EXPLAIN of these. The text holds one statement. Comments
// are skipped. In doubt it is no query.
bool is_question(std::string_view sql);

// EXPLAIN ANALYZE.
bool runs_what_it_explains(std::string_view sql);

}  // namespace tidemark
