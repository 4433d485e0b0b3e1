// The host as a run finds it: port, libraries, clock, limits. Changes nothing.
#pragma once

#include <vector>

#include "app/config/run_options.h"
#include "app/data_dir/finding.h"

namespace tidemark {

std::vector<Finding> examine_host(const RunOptions& options);

}  // namespace tidemark
