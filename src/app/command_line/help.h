// The texts that every verb's help shares, and how options are laid out.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tidemark {

// An option and what it does, side by side; broken between words so that it fits a terminal.
inline constexpr std::size_t help_column = 28;
std::string beside(std::string left, std::string_view text);

// The end of every verb's help: app/process/exit_code.h in words.
extern const std::string_view exit_code_text;

}  // namespace tidemark
