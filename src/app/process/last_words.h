// Last words: what the program says when it cannot go on because the system gives it no memory or no thread.
//
// Everything the program keeps survives a kill, so ending at once loses nothing. Saying so allocates nothing.
#pragma once

#include <string_view>

namespace tidemark {

// From now on an exception that nobody catches ends the process with a sentence: exit code 1 where the system has come to
// a limit. So does touching memory that is not there. Also runs by itself before the libraries are initialised, whose own allocations may fail.
void prepare_last_words() noexcept;

// For the sentence: "tidemark VERB: …".
void name_verb_in_last_words(std::string_view verb) noexcept;

// What the operator can change, as "--memory is 1.0 GB".
void name_bound_in_last_words(std::string_view bound) noexcept;

}  // namespace tidemark
