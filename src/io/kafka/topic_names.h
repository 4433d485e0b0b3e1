// The names of a cluster's topics, by topic.
#pragma once

#include <array>
#include <cstddef>
#include <string>

#include "io/kafka/cluster.h"
#include "run/interfaces/log.h"

namespace tidemark {

class TopicNames {
 public:
  explicit TopicNames(const KafkaCluster& cluster) {
    for (const Topic topic : all_topics) names_[static_cast<std::size_t>(topic)] = topic_name(cluster, topic);
  }
  const std::string& operator[](Topic topic) const { return names_[static_cast<std::size_t>(topic)]; }

 private:
  std::array<std::string, topic_count> names_;
};

}  // namespace tidemark
