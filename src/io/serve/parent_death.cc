#include "io/serve/parent_death.h"

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

namespace tidemark {

void end_with_parent() {
  const std::string variable(parent_variable);
  const char* const said = std::getenv(variable.c_str());
  if (said == nullptr) return;
  const long parent = std::strtol(said, nullptr, 10);
  ::unsetenv(variable.c_str());
  (void)::prctl(PR_SET_PDEATHSIG, SIGKILL);
  // The parent may have died between the start of this process and the line above. Then the parent is a different
  // process.
  if (parent > 0 && ::getppid() != parent) ::_exit(1);
}

}  // namespace tidemark
