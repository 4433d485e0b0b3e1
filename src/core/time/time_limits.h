// The times of the contract: the years that a record may write, and the instants they may come to
// (contract/semantics.md §2.3).
#pragma once

#include <chrono>

#include "core/time/time.h"

namespace tidemark {

inline constexpr std::chrono::year first_year{1970}, last_year{2261};

// The instants of these years: [begin_of_years, end_of_years).
inline constexpr EventTime begin_of_years = std::chrono::sys_days{first_year / 1 / 1};
inline constexpr EventTime end_of_years = std::chrono::sys_days{(last_year + std::chrono::years(1)) / 1 / 1};

// An offset moves what was written by less than a day.
inline constexpr EventTime begin_of_instants = begin_of_years - std::chrono::days(1);
inline constexpr EventTime end_of_instants = end_of_years + std::chrono::days(1);

constexpr bool is_in_years(EventTime time) { return time >= begin_of_years && time < end_of_years; }
constexpr bool is_instant(EventTime time) { return time >= begin_of_instants && time < end_of_instants; }

}  // namespace tidemark
