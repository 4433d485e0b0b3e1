// What a process over Kafka begins with: the cluster as it was told of it, and the topics.
#pragma once

#include <cstdint>
#include <functional>

#include "app/config/run_options.h"
#include "core/result.h"
#include "io/kafka/cluster.h"
#include "run/interfaces/journal.h"

namespace tidemark {

// With the properties of kafka-config. Error::setup names the line that is none.
Result<KafkaCluster> kafka_cluster(const KafkaOptions& options, Journal* journal);

// Makes the topics that are missing, checks those that are there, and returns how many partitions they have. Tries until
// the brokers answer; a retryable error means that the end was asked for meanwhile, or max_retries reached.
// `told` hears why it has not come so far.
Result<std::int32_t> open_topics(const KafkaCluster& cluster, const RunOptions& options, Journal& journal,
                                 const std::function<void(const Error&)>& told);

}  // namespace tidemark
