// Writes the numbers of an answer without an exponent: "8.12e-06" → "0.00000812".
#pragma once

#include <string>
#include <string_view>

namespace tidemark {

// Appends `text` with every number in it written out: a cell with a number, a list or struct of numbers, or JSON. The
// digits stay DuckDB's, the fewest that read back as the same double. Numbers from 1e21 and below 1e-12 keep their
// exponent. Quoted text, such as the keys of a struct, is copied.
void append_plain_numbers(std::string_view text, std::string& out);

}  // namespace tidemark
