// How far the log's readers have come in one partition, as the offsets of their consumer groups say.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/result.h"
#include "io/kafka/client.h"
#include "io/kafka/cluster.h"
#include "io/kafka/topic_names.h"
#include "run/interfaces/log.h"

namespace tidemark {

class GroupPositions {
 public:
  using Positions = std::vector<std::pair<Topic, Position>>;

  // `base` is the position of the partition's offset 0. The names outlive this.
  GroupPositions(const KafkaCluster& cluster, const TopicNames& names, std::int32_t partition, Position base)
      : cluster_(cluster), names_(names), partition_(partition), base_(base) {}

  // What the reader's group has committed, by topic.
  Result<Positions> committed(const std::string& reader);

  // Moves `positions`, which the reader's group has committed, on to those that were committed with the reader's state.
  // Where the group stands behind them, its brokers have forgotten the rest; the journal is told.
  void advance(Positions& positions, const std::string& reader, const Positions& with_state) const;

 private:
  const KafkaCluster& cluster_;
  const TopicNames& names_;
  std::int32_t partition_;
  Position base_;
  std::map<std::string, std::optional<Client>> clients_;  // by reader
};

}  // namespace tidemark
