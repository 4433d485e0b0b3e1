// Exit codes. Every verb uses these and no others.
#pragma once

#include "core/result.h"

namespace tidemark {

inline constexpr int exit_ok = 0;             // done, or stopped by Ctrl-C after publishing what was complete
inline constexpr int exit_failed = 1;         // correct usage, but an outside failure: disk full, damaged file
inline constexpr int exit_setup = 2;          // wrong usage or setting; the message names it and the cure
inline constexpr int exit_in_use = 3;         // another process works on the data directory; the message has its pid
inline constexpr int exit_interrupted = 130;  // ended at once by the second Ctrl-C (SIGTERM: the same)

inline int exit_code_of(const Error& error) { return error.is_setup() ? exit_setup : exit_failed; }

}  // namespace tidemark
