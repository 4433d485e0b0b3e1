#include "app/process/fail.h"

#include "app/process/exit_code.h"
#include "app/process/signals.h"
#include "app/process/tell.h"

namespace tidemark {

int fail(std::string_view verb, const Error& error, LineEnds line_ends) {
  tell(verb, error.message(), line_ends);
  return exit_code_of(error);
}

int fail_or_stop(std::string_view verb, const Error& error) {
  const int code = fail(verb, error);
  return stop_requested() ? exit_interrupted : code;
}

}  // namespace tidemark
