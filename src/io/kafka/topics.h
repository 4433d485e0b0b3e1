// The topics: made where they are missing, checked where they are there.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/time/time.h"
#include "io/kafka/cluster.h"

namespace tidemark {

struct TopicsWanted {
  std::int32_t partitions = 4;    // of topics that are made; those that are there decide themselves
  std::int32_t replication = -1;  // as the brokers' default says
  // How long the brokers keep what came, by the time at which it was ingested; none: for ever.
  std::optional<Duration> keep = std::chrono::hours(7 * 24);           // bars and trends
  std::optional<Duration> keep_rejects = std::chrono::hours(90 * 24);  // late bars and dead letters
};

// What there is: the number of partitions is the same for all, because a bar, its trends and the state that they come from
// stand in the partition of the same number.
struct TopicsFound {
  std::int32_t partitions = 0;
  std::vector<std::string> made;
};

// Error::setup where topics that are there do not fit together, or are not kept as they must be.
Result<TopicsFound> ensure_topics(const KafkaCluster& cluster, const TopicsWanted& wanted);

}  // namespace tidemark
