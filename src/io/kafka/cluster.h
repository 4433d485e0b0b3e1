// Which Kafka, and how to reach it: what every client of it is made of.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "run/interfaces/journal.h"
#include "run/interfaces/log.h"

namespace tidemark {

// Names and values of librdkafka's configuration.
using KafkaProperties = std::vector<std::pair<std::string, std::string>>;

struct KafkaCluster {
  std::string brokers;                   // "host:9092,host:9092": some of them, the others are found
  KafkaProperties properties;            // passed through: TLS, SASL, buffers; none that exactly-once hangs on
  std::string application = "tidemark";  // the first word of consumer groups and transactional ids
  std::string topic_prefix;              // before every topic's name: several Tidemarks on one cluster
  Journal* journal = nullptr;            // is told what the client library says; must outlive all clients
};

inline std::string topic_name(const KafkaCluster& cluster, Topic topic) {
  return cluster.topic_prefix + std::string(to_string(topic));
}
inline std::string state_topic_name(const KafkaCluster& cluster) { return cluster.topic_prefix + "tidemark_state"; }

}  // namespace tidemark
