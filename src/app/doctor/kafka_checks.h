// The Kafka cluster as a process finds it: do brokers answer, are the topics there and fit together. Changes nothing.
#pragma once

#include <vector>

#include "app/config/run_options.h"
#include "app/data_dir/check.h"

namespace tidemark {

// Nothing where the log is embedded.
std::vector<Check> examine_kafka(const RunOptions& options);

}  // namespace tidemark
