// The functions of DuckDB that do more than read, though a question can call them: FROM enable_logging(...) writes files.
//
// Settings, COPY, EXPORT, ATTACH, INSTALL, LOAD and their like are statements, and no question is one (first_word.h). Which
// functions a question calls is told by DuckDB's plan of it, because a text can hide them: query('FROM enable_' || 'logging()').
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tidemark {

// Whether the text may call one, so that its plan has to be looked at: names may be quoted, escaped or put together, but never
// without one of these words.
bool may_call_forbidden_function(std::string_view sql);

// The name of one that a plan calls, as EXPLAIN (FORMAT json) writes it.
std::optional<std::string> forbidden_function_in(std::string_view plan);

}  // namespace tidemark
