// CHECK: an assertion that is always on. A broken one stops the program at once, because continuing with a wrong number
// is worse than stopping.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace tidemark {

[[noreturn]] inline void check_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: broken promise: %s\n", file, line, condition);
  std::abort();
}

}  // namespace tidemark

#define CHECK(condition) \
  (__builtin_expect(!!(condition), 1) ? (void)0 : ::tidemark::check_failed(#condition, __FILE__, __LINE__))
