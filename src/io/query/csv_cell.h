// A cell of CSV: quoted where necessary (RFC 4180), and guarded where a spreadsheet would take a text for a formula.
#pragma once

#include <string>
#include <string_view>

namespace tidemark {

// True if it begins with = + - @, a tab or a line end, and is no number. Spreadsheets compute such text, which may run
// what a stranger wrote.
bool looks_like_a_formula(std::string_view text);

// Appends the text as one cell.
void append_csv_cell(std::string_view text, std::string& out);
// With an apostrophe before it, which marks text in spreadsheets.
void append_guarded_csv_cell(std::string_view text, std::string& out);

}  // namespace tidemark
