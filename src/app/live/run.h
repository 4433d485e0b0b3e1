// The whole of Tidemark in one process.
#pragma once

#include "app/config/run_options.h"

namespace tidemark {

// Returns an exit code, and has already told why it is not 0.
int run_in_one_process(const RunOptions& options);

}  // namespace tidemark
