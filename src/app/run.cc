// The verb run. Its loops are being wired.
#include <fmt/format.h>

#include <cstdio>

#include "app/exit_code.h"
#include "app/verbs.h"

namespace tidemark {

int run_verb(const RunOptions&) {
  fmt::print(stderr, "tidemark run: not wired in this build\n");
  return exit_failed;
}

}  // namespace tidemark
