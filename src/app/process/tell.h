// A sentence for the person at the terminal: one line on standard error, in which nothing steers the terminal.
#pragma once

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "core/wire/visible_text.h"

namespace tidemark {

// "tidemark VERB: SENTENCE"; without a verb "tidemark: SENTENCE". Names, headers and cells may stand in it as they came.
void tell(std::string_view verb, std::string_view sentence, LineEnds line_ends = LineEnds::Shown);

template <typename... Values>
void tell_of(std::string_view verb, fmt::format_string<Values...> sentence, Values&&... values) {
  tell(verb, fmt::format(sentence, std::forward<Values>(values)...));
}

}  // namespace tidemark
