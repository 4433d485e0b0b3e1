// Makes text from outside safe for a terminal or a journal line: what would control a terminal is shown as an escape.
#pragma once

#include <string>
#include <string_view>

namespace tidemark {

enum class LineEnds : bool { Shown, Kept };

// Escapes control characters (C0, DEL, C1), line and paragraph separators, marks that change the writing direction, and
// bytes that are no UTF-8, as JSON does: \u001b, \n. Everything else stays. Text in JSON's quotes stays valid JSON.
void append_visible(std::string_view text, std::string& out, LineEnds line_ends = LineEnds::Shown);
std::string visible(std::string_view text, LineEnds line_ends = LineEnds::Shown);

}  // namespace tidemark
