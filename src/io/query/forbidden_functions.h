// The functions of DuckDB that do more than read, although a query can call them: FROM enable_logging(...) writes
// files.
//
// Settings, COPY, EXPORT, ATTACH, INSTALL, LOAD and the like are statements, never queries (first_word.h). DuckDB's
// plan shows which functions a query calls, because its text can hide them: query('FROM enable_' || 'logging()').
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tidemark {

// Whether the text may call one of them, so that its plan must be checked. Names may be quoted, escaped or
// concatenated, but never without one of these words.
bool may_call_forbidden_function(std::string_view sql);

// The name of one that a plan calls. The plan is that of EXPLAIN (FORMAT json).
std::optional<std::string> forbidden_function_in(std::string_view plan);

}  // namespace tidemark
