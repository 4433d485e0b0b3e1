// A cell of CSV: quoted where it has to be (RFC 4180), and guarded where a spreadsheet would take a text for a formula.
#pragma once

#include <string>
#include <string_view>

namespace tidemark {

// Begins with = + - @, a tab or a line's end, and is no number: spreadsheets compute it, which may run what a stranger wrote.
bool looks_like_a_formula(std::string_view text);

// Appends the text as one cell.
void append_csv_cell(std::string_view text, std::string& out);
// With an apostrophe before it, which spreadsheets take for "this is text".
void append_guarded_csv_cell(std::string_view text, std::string& out);

}  // namespace tidemark
