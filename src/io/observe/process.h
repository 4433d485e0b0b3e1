// What the system knows of this process: memory, processor time, open files.
#pragma once

#include "io/observe/metrics.h"

namespace tidemark {

// Brings the gauges process_… up to date; nothing where /proc is missing.
void observe_process(Metrics& metrics);

}  // namespace tidemark
