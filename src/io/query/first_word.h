// Tells a question from a command by its first word, before DuckDB sees it: DuckDB may act on a command while
// it only prepares it (EXPORT DATABASE makes its folder then).
#pragma once

#include <string_view>

namespace tidemark {

// True for SELECT, FROM, WITH, DESCRIBE and their like, and for EXPLAIN of these. Of text that holds one
// statement; comments are skipped, and in doubt it is no question.
bool is_question(std::string_view sql);

// EXPLAIN ANALYZE.
bool runs_what_it_explains(std::string_view sql);

}  // namespace tidemark
