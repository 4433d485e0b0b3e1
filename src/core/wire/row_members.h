// Reads rows of the topics from any writer: any JSON object with the contract's keys, in any order, with other keys
// among them (contract/semantics.md §4.2). So rows of a later version, or of another program, stop no role.
//
// Slow and complete. read_back.cc falls back to it for rows that do not look like our own.
#pragma once

#include <optional>
#include <string_view>

#include "core/market/bar.h"
#include "core/market/trend.h"
#include "core/number/integer.h"
#include "core/wire/reject.h"

namespace tidemark {

// Empty if a required key is missing, or if a value is wrong. A trend may lack `status`, `revision`, `feed` and
// nullable columns: it is then final, its revision is its number of bars, and it has no feed.
std::optional<Trend> trend_of_members(std::string_view json);
// Validated like a record with these fields (contract/semantics.md §2.4–2.7), with its verdict and position.
std::optional<JudgedBar> judged_bar_of_members(std::string_view json);
std::optional<DeadLetter> dead_letter_of_members(std::string_view json);

// The decimals that a number was written with, including zeros, up to 9. For a number with an exponent: the decimals of
// its value.
int written_places(std::string_view number, Int128 nanos);

}  // namespace tidemark
