// The program: finds out what is asked for, and calls the verb.
#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <string>
#include <vector>

#include "app/process/fail.h"
#include "app/process/last_words.h"
#include "app/process/memory_limit.h"
#include "app/process/private_memory.h"
#include "app/verbs.h"
#include "io/parquet/memory_bound.h"
#include "io/serve/parent_death.h"

namespace tidemark {
namespace {

int refuse(const Error& error) { return fail("", error, LineEnds::Kept); }

// The next file that is opened would take the place of a closed stream, and get what was meant for it. /dev/null the
// wrong way round: reading and writing stay errors.
void keep_places_of_closed_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (::fcntl(stream, F_GETFD) < 0) (void)::open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

}  // namespace
}  // namespace tidemark

int main(int count, char** arguments) {
  using namespace tidemark;
  end_with_parent();
  keep_memory_private();
  prepare_last_words();
  need_memory();
  count_failed_allocations();
  keep_places_of_closed_streams();
  // Some parents hand down an ignored SIGPIPE; `tidemark simulate | head` must end without a word under them, too.
  std::signal(SIGPIPE, SIG_DFL);
  // A file that may not become larger is an error that names it, and not the end.
  std::signal(SIGXFSZ, SIG_IGN);
  if (count > 1) name_verb_in_last_words(arguments[1]);
  const std::vector<std::string> words(arguments + (count > 0 ? 1 : 0), arguments + count);
  auto command = parse_command_line(words);
  if (!command) return refuse(command.error());
  return command->perform();
}
