// The verbs: what the program can do.
#pragma once

#include <span>
#include <string>

#include "app/command_line/command.h"
#include "core/result.h"

namespace tidemark {

// In the order in which a user meets them.
std::span<const VerbSpec* const> verbs();

// Parses `words`, which do not include the program's name. Every error is Error::setup and suggests the nearest verb or
// option if one is close. Parsing does and prints nothing.
Result<Command> parse_command_line(Words words);

// The text of `tidemark help`.
std::string overview();

}  // namespace tidemark
