// A report on the topics: what is in them, and the positions of their readers.
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
  std::optional<Position> position;  // the offset of the next record to read; none: nothing committed yet
  Position lag = 0;                  // offsets from the first unread record to the end, transaction markers included
};

struct PartitionReport {
  std::string topic;
  std::int32_t partition = 0;
  Position begin = 0, end = 0;  // of finished transactions
  std::vector<ReaderReport> readers;
};

struct TopicsReport {
  std::vector<PartitionReport> partitions;  // by topic, in the order in which a bar passes them
  std::vector<std::string> missing;         // topics that do not exist
};

Result<TopicsReport> report_topics(const KafkaCluster& cluster);

}  // namespace tidemark
