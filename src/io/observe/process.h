// What the system knows of this process: memory, processor time, open files, and what each thread is for.
#pragma once

#include <string_view>

#include "io/observe/metrics.h"

namespace tidemark {

// Brings the gauges process_… up to date; nothing where /proc is missing.
void observe_process(Metrics& metrics);

// As `top -H`, `perf` and a debugger show it: the first 15 bytes.
void name_this_thread(std::string_view name);

}  // namespace tidemark
