// The topics: creates missing ones and checks existing ones.
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
  std::int32_t partitions = 4;    // of created topics; existing ones keep theirs
  std::int32_t replication = -1;  // the brokers' default
  // How long the brokers keep records, by the time of ingestion; none: for ever.
  std::optional<Duration> keep = std::chrono::hours(7 * 24);           // bars and trends
  std::optional<Duration> keep_rejects = std::chrono::hours(90 * 24);  // late bars and dead letters
};

// The topics as found. All have the same number of partitions, because a bar, its trends and their state are in the
// partition of the same number.
struct TopicsFound {
  std::int32_t partitions = 0;
  std::vector<std::string> made;
};

// Error::setup if existing topics do not match, or have the wrong cleanup.policy.
Result<TopicsFound> ensure_topics(const KafkaCluster& cluster, const TopicsWanted& wanted);

}  // namespace tidemark
