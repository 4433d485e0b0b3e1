// KafkaCluster: which Kafka cluster to use and how to reach it, shared by all clients.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "run/interfaces/journal.h"
#include "run/interfaces/log.h"

namespace tidemark {

// Names and values of librdkafka's configuration properties.
using KafkaProperties = std::vector<std::pair<std::string, std::string>>;

struct KafkaCluster {
  std::string brokers;                   // "host:9092,host:9092": some brokers; the others are discovered
  KafkaProperties properties;            // passed through: TLS, SASL, buffers; none that exactly-once depends on
  std::string application = "tidemark";  // the first word of consumer groups and transactional ids
  std::string topic_prefix;              // prefix of all topic names, so that several Tidemarks can share a cluster
  Journal* journal = nullptr;            // gets the log of the client library; must outlive all clients
};

inline std::string topic_name(const KafkaCluster& cluster, Topic topic) {
  return cluster.topic_prefix + std::string(to_string(topic));
}
inline std::string state_topic_name(const KafkaCluster& cluster) { return cluster.topic_prefix + "tidemark_state"; }

}  // namespace tidemark
