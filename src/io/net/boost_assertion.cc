// What becomes of a failed assertion of Boost where assertions are on (presets dev, asan, tsan and fuzz): the process aborts,
// unless nothing follows from it.
#include <boost/assert.hpp>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#ifdef BOOST_ENABLE_ASSERT_DEBUG_HANDLER

namespace {

// Beast expects five bytes of the last chunk when it reads it a second time. A client that sends "0\r\n" and one byte gives four,
// and Beast reads no further than that.
bool is_harmless(std::string_view expression, std::string_view function) {
  return expression == "n >= 5" && function.find("parse_chunk_header") != function.npos;
}

}  // namespace

namespace boost {

void assertion_failed_msg(const char* expression, const char* message, const char* function, const char* file,
                          long line) {
  if (is_harmless(expression, function)) return;
  std::fprintf(stderr, "%s:%ld: %s: Boost's assertion %s failed: %s\n", file, line, function, expression, message);
  std::abort();
}

void assertion_failed(const char* expression, const char* function, const char* file, long line) {
  assertion_failed_msg(expression, "", function, file, line);
}

}  // namespace boost

#endif
