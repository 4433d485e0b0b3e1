// HiveQL's functions and settings, as statements for the session that answers a question in HiveQL (io/query/hive_reading.h).
#pragma once

#include <span>

namespace tidemark {

// Macros of DuckDB: each gives the value that Hive's function of that name documents. Those that DuckDB has under the same name
// with other arguments pass them on. The settings compare text with dates, and put NULL where Hive's ORDER BY has it.
std::span<const char* const> hive_statements();

}  // namespace tidemark
