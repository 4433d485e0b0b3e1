// Runs all of Tidemark in one process.
#pragma once

#include "app/config/run_options.h"

namespace tidemark {

// Returns an exit code. The reason for any code but 0 has been printed.
int run_in_one_process(const RunOptions& options);

}  // namespace tidemark
