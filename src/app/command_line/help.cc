#include "app/command_line/help.h"

#include <algorithm>
#include <cstdio>

#include "app/command_line/command.h"
#include "app/process/exit_code.h"

namespace tidemark {

const std::string_view exit_code_text = R"(Exit codes:
  0    done, or ended by the first Ctrl-C with all that was complete published
  1    failed for an outside reason: disk full, damaged file; doctor, hive, verify: something is
       wrong; import: something looks lost, and nothing was imported
  2    wrong usage or setting; the message names it and the cure
  3    another process works on the data directory; the message has its pid
  130  ended at once by the second Ctrl-C
  141  the reader of the output has gone (as in `tidemark simulate | head`)
)";

std::string beside(std::string left, std::string_view text) {
  constexpr std::size_t help_width = 80;
  std::string out = std::move(left);
  std::size_t column = out.size();
  if (column + 2 > help_column) out += '\n', column = 0;
  out.append(help_column - column, ' ');
  column = help_column;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (column > help_column && column + 1 + word.size() > help_width) {
      out += '\n';
      out.append(help_column, ' ');
      column = help_column;
    }
    if (column > help_column) out += ' ', ++column;
    out += word;
    column += word.size();
  }
  return out + '\n';
}

Command help_command(std::string text) {
  return {HelpRequest{std::move(text)}, +[](const HelpRequest& request) {
            std::fputs(request.text.c_str(), stdout);
            return int{exit_ok};
          }};
}

}  // namespace tidemark
