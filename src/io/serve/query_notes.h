// What `tidemark query` says on standard error about an answer in CSV, and how the server finds it there. Both sides use
// these functions, so that a note can be reworded in one place.
#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace tidemark {

inline constexpr std::string_view words_of_cut = "; there are more";
inline constexpr std::string_view words_of_guarded = ", and got an apostrophe; --raw leaves it out";

inline std::string note_of_cut(std::size_t rows) { return fmt::format("the first {} rows{}", rows, words_of_cut); }
inline std::string note_of_guarded(std::size_t texts) {
  return fmt::format("{} text{} would be taken for a formula by a spreadsheet{}", texts, texts == 1 ? "" : "s",
                     words_of_guarded);
}

inline bool says_cut(std::string_view notes) { return notes.find(words_of_cut) != notes.npos; }
inline bool says_guarded(std::string_view notes) { return notes.find(words_of_guarded) != notes.npos; }

}  // namespace tidemark
