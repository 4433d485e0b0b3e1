// A message for the person at the terminal: one line on standard error, without control characters.
#pragma once

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "core/wire/visible_text.h"

namespace tidemark {

// Prints "tidemark VERB: SENTENCE", or "tidemark: SENTENCE" without a verb. The sentence may contain names, headers and
// cells unescaped.
void tell(std::string_view verb, std::string_view sentence, LineEnds line_ends = LineEnds::Shown);

template <typename... Values>
void tell_of(std::string_view verb, fmt::format_string<Values...> sentence, Values&&... values) {
  tell(verb, fmt::format(sentence, std::forward<Values>(values)...));
}

}  // namespace tidemark
