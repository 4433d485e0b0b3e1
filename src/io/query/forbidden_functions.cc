#include "io/query/forbidden_functions.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace tidemark {
namespace {

// Of DuckDB 1.4.4: functions that write files, run a statement that no plan shows, or take memory addresses.
constexpr std::array<std::string_view, 8> names{"ENABLE_LOGGING", "DISABLE_LOGGING",  "TRUNCATE_DUCKDB_LOGS",
                                                "CHECKPOINT",     "FORCE_CHECKPOINT", "JSON_EXECUTE_SERIALIZED_SQL",
                                                "ARROW_SCAN",     "ARROW_SCAN_DUMB"};

// Parts of these names; functions that run a text; and U&"\0065nable_logging".
constexpr std::array<std::string_view, 7> words{"logging",    "duckdb_logs", "checkpoint", "serialized",
                                                "arrow_scan", "query",       "u&"};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

bool may_call_forbidden_function(std::string_view sql) {
  std::string text(sql);
  std::ranges::transform(text, text.begin(), lower);
  return std::ranges::any_of(words, [&](std::string_view word) { return text.find(word) != text.npos; });
}

std::optional<std::string> forbidden_function_in(std::string_view plan) {
  // In the strings of a plan, a quotation mark follows a backslash. So no string of the query looks like this.
  for (const std::string_view name : names)
    for (const std::string_view key : {"name", "Function", "Name"})
      for (const std::string_view end : {"\"", " \""})
        if (plan.find(fmt::format("\"{}\": \"{}{}", key, name, end)) != plan.npos) {
          std::string called(name);
          std::ranges::transform(called, called.begin(), lower);
          return called;
        }
  return std::nullopt;
}

}  // namespace tidemark
