// The verbs: what the program can do.
#pragma once

#include <span>
#include <string>

#include "app/command_line/command.h"
#include "core/result.h"

namespace tidemark {

// In the order in which one would meet them.
std::span<const VerbSpec* const> verbs();

// `words` without the program's name. Every error is Error::setup, and names the nearest verb or option where
// one comes close. Nothing is done or printed here.
Result<Command> parse_command_line(Words words);

// What `tidemark help` says.
std::string overview();

}  // namespace tidemark
