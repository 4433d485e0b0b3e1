// Guards the number of partitions, which is stored in tidemark_state: if it changed, bars of a symbol would go to
// another partition than its windows.
#pragma once

#include <cstdint>

#include "core/result.h"
#include "io/kafka/cluster.h"

namespace tidemark {

// Stores the number the first time. Error::setup, with the procedure, if it has changed since.
Result<void> check_partition_count(const KafkaCluster& cluster, std::int32_t partitions);

}  // namespace tidemark
