// CHECK: a promise between developers. Always on; a broken one stops the program at once, because
// going on with a wrong number is worse than not going on.
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
