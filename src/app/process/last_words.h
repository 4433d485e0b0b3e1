// Last words: the message of a program that cannot go on because the system refuses memory or a thread.
//
// Everything stored survives a kill, so ending at once loses nothing. Printing the message allocates nothing.
#pragma once

#include <string_view>

namespace tidemark {

// From now on, an uncaught exception ends the process with a message, with exit code 1 if a limit of the system was
// reached. So does a memory fault. It also runs by itself before the libraries are initialised, because their own
// allocations may fail.
void prepare_last_words() noexcept;

// For the message "tidemark VERB: …".
void name_verb_in_last_words(std::string_view verb) noexcept;

// What the operator can change, such as "--memory is 1.0 GB".
void name_bound_in_last_words(std::string_view bound) noexcept;

}  // namespace tidemark
