// With how many partitions the work began, remembered in tidemark_state: a symbol's bars would go to another partition
// than its windows stand in if the number changed.
#pragma once

#include <cstdint>

#include "core/result.h"
#include "io/kafka/cluster.h"

namespace tidemark {

// Remembers it the first time. Error::setup, with the procedure, when it is another one than then.
Result<void> check_partition_count(const KafkaCluster& cluster, std::int32_t partitions);

}  // namespace tidemark
