// Checks of the host: port, libraries, clock, limits. Changes nothing.
#pragma once

#include <vector>

#include "app/config/run_options.h"
#include "app/data_dir/check.h"

namespace tidemark {

std::vector<Check> examine_host(const RunOptions& options);

}  // namespace tidemark
