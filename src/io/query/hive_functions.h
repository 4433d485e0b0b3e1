// HiveQL's functions and settings, as statements for a session that answers queries in HiveQL
// (io/query/hive_reading.h).
#pragma once

#include <span>

namespace tidemark {

// DuckDB macros: each returns what Hive documents for the function of that name. Where DuckDB has a function of the
// same name with other arguments, the macro passes those on. The settings compare text with dates, and put NULL where
// Hive's ORDER BY does.
std::span<const char* const> hive_statements();

}  // namespace tidemark
