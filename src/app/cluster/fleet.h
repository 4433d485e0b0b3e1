// The work of a process over Kafka.
#pragma once

#include "app/config/run_options.h"

namespace tidemark {

// Returns an exit code, and has already told why it is not 0.
int run_over_kafka(Part part, const RunOptions& options);

}  // namespace tidemark
