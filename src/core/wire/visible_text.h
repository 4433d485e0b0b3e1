// Text from outside, made safe for a terminal or a line of a journal: what would steer a terminal is shown, not sent.
#pragma once

#include <string>
#include <string_view>

namespace tidemark {

enum class LineEnds : bool { Shown, Kept };

// Control characters (C0, DEL, C1), line and paragraph separators, marks that turn the direction of writing, and bytes
// that are no UTF-8 become escapes as JSON has them: \u001b, \n. All else stays. Text in JSON's quotes stays JSON.
void append_visible(std::string_view text, std::string& out, LineEnds line_ends = LineEnds::Shown);
std::string visible(std::string_view text, LineEnds line_ends = LineEnds::Shown);

}  // namespace tidemark
