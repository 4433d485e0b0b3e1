// Runs a process over Kafka.
#pragma once

#include "app/config/run_options.h"

namespace tidemark {

// Returns an exit code. The reason for any code but 0 has been printed.
int run_over_kafka(Part part, const RunOptions& options);

}  // namespace tidemark
