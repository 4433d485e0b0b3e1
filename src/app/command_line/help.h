// What the help says besides the options: what a verb is for, and examples worth copying.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace tidemark {

struct VerbText {
  std::string_view name;      // "run"
  std::string_view summary;   // half a line, for the overview
  std::string_view usage;     // what follows the name
  std::string_view about;     // a paragraph
  std::string_view examples;  // lines, each with what it does
};

// In the order in which one would meet them.
std::span<const VerbText> verb_texts();
const VerbText* find_verb(std::string_view name);

// An option and what it does, side by side; broken between words so that it fits a terminal.
inline constexpr std::size_t help_column = 28;
std::string beside(std::string left, std::string_view text);

// What `tidemark help` says.
std::string overview();

// The end of every verb's help.
extern const std::string_view exit_code_text;

}  // namespace tidemark
