// Formats a trend as a row of the console's table. The numbers are those of the contract's row, digit for digit.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tidemark {

enum class Colour : std::uint8_t { No, Yes };

std::string console_heading();
// `json` is a trend as the contract writes it (contract/semantics.md §4). No line end.
void append_console_row(std::string_view json, Colour colour, std::string& out);

}  // namespace tidemark
