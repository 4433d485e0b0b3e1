// How a verb ends that has failed: with the error's sentence on standard error, and its exit code.
#pragma once

#include <string_view>

#include "core/result.h"
#include "core/wire/visible_text.h"

namespace tidemark {

// "tidemark VERB: SENTENCE". Returns the exit code.
int fail(std::string_view verb, const Error& error, LineEnds line_ends = LineEnds::Shown);

// The same of a verb that Ctrl-C ends by an error of its own making: then the exit code is that of an interruption.
int fail_or_stop(std::string_view verb, const Error& error);

}  // namespace tidemark
