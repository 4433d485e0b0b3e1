// Checks of the Kafka cluster: whether brokers answer, and whether the topics exist and match. Changes nothing.
#pragma once

#include <vector>

#include "app/config/run_options.h"
#include "app/data_dir/check.h"

namespace tidemark {

// No checks if the log is embedded.
std::vector<Check> examine_kafka(const RunOptions& options);

}  // namespace tidemark
