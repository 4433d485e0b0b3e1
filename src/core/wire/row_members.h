// Rows of the topics whoever wrote them, and however: any JSON object with the contract's keys, in any order, with other
// keys among them (contract/semantics.md §4.2). So a row of a later version, or of another program, stops nobody.
//
// Slow and complete; read_back.cc asks it for what does not look like our own rows.
#pragma once

#include <optional>
#include <string_view>

#include "core/market/bar.h"
#include "core/market/trend.h"
#include "core/number/integer.h"
#include "core/wire/reject.h"

namespace tidemark {

// Empty if a key is missing that must be there, or a value is not what it should be. Of a trend `status`, `revision`,
// `feed` and what may be null may be missing: then it is final, has been changed by its bars alone, and has no feed.
std::optional<Trend> trend_of_members(std::string_view json);
// Judged as a record with these fields is (contract/semantics.md §2.4–2.7), with its verdict and position.
std::optional<JudgedBar> judged_bar_of_members(std::string_view json);
std::optional<DeadLetter> dead_letter_of_members(std::string_view json);

// The decimals that a number was written with, zeros too, but for those beyond a unit; of one with an exponent those that
// its value has.
int written_places(std::string_view number, Int128 nanos);

}  // namespace tidemark
