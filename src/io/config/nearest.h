// The nearest name: what somebody probably meant when no such name exists.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace tidemark {

// Levenshtein: how many letters must be inserted, removed or exchanged to make one text of the other.
std::size_t edit_distance(std::string_view a, std::string_view b);

// The name with the smallest distance, the first of several; empty when none comes close (more than a third of
// the letters are wrong, and more than two).
std::string_view nearest_name(std::string_view wrong, std::span<const std::string> names);

// "; did you mean \"port\"?", or nothing.
std::string did_you_mean(std::string_view wrong, std::span<const std::string> names);

}  // namespace tidemark
