// How the topics stand: what is in them, and how far those who read them have come.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "io/kafka/cluster.h"

namespace tidemark {

struct ReaderReport {
  std::string group;
  std::optional<Position> position;  // of the next record it reads, as an offset; none: it has committed nothing
  Position lag = 0;  // offsets from the first record it has yet to read; marks of transactions among them
};

struct PartitionReport {
  std::string topic;
  std::int32_t partition = 0;
  Position begin = 0, end = 0;  // of what finished transactions wrote
  std::vector<ReaderReport> readers;
};

struct TopicsReport {
  std::vector<PartitionReport> partitions;  // by topic, in the order of the journey of a bar
  std::vector<std::string> missing;         // topics that are not there
};

Result<TopicsReport> report_topics(const KafkaCluster& cluster);

}  // namespace tidemark
