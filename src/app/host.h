// The host as a run finds it: port, libraries, clock, limits. Changes nothing.
#pragma once

#include <vector>

#include "app/finding.h"
#include "app/options.h"

namespace tidemark {

std::vector<Finding> examine_host(const RunOptions& options);

}  // namespace tidemark
