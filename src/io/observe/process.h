// What the system knows about this process: memory, processor time, open files; and names for its threads.
#pragma once

#include <string_view>

#include "io/observe/metrics.h"

namespace tidemark {

// Updates the metrics process_…; does nothing without /proc.
void observe_process(Metrics& metrics);

// The name that `top -H`, `perf` and debuggers show: the first 15 bytes.
void name_this_thread(std::string_view name);

}  // namespace tidemark
