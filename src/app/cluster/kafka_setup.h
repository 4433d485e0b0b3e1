// The start of a process over Kafka: the cluster from its settings, and the topics.
#pragma once

#include <cstdint>
#include <functional>

#include "app/config/run_options.h"
#include "core/result.h"
#include "io/kafka/cluster.h"
#include "run/interfaces/journal.h"

namespace tidemark {

// The cluster with the properties of kafka-config. Error::setup names a wrong line.
Result<KafkaCluster> kafka_cluster(const KafkaOptions& options, Journal* journal);

// Creates missing topics, checks existing ones, and returns their number of partitions. Retries until the brokers
// answer. A retryable error means that a stop was requested meanwhile, or that max_retries was reached. `told` is
// called with the reason of each retry.
Result<std::int32_t> open_topics(const KafkaCluster& cluster, const RunOptions& options, Journal& journal,
                                 const std::function<void(const Error&)>& told);

}  // namespace tidemark
