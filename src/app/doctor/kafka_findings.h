// The Kafka cluster as a process finds it: do brokers answer, are the topics there and fit together. Changes nothing.
#pragma once

#include <vector>

#include "app/data_dir/finding.h"
#include "app/config/options.h"

namespace tidemark {

// Nothing where the log is embedded.
std::vector<Finding> examine_kafka(const RunOptions& options);

}  // namespace tidemark
