#include "io/kafka/topic_report.h"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <memory>

#include "io/kafka/client.h"
#include "io/kafka/kafka_log.h"
#include "io/kafka/partition_reader.h"

namespace tidemark {
namespace {

constexpr int report_ms = 10'000;

std::vector<std::string_view> readers_of(Topic topic) {
  switch (topic) {
    case Topic::Bars:
      return {"analyze"};
    case Topic::Trends:
    case Topic::JudgedBars:
      return {"store"};
    case Topic::LateBars:
    case Topic::DeadLetters:
      return {};
  }
  return {};
}

// 0: there is no such topic.
Result<std::int32_t> partition_count(const Client& client, const std::string& topic) {
  const std::unique_ptr<rd_kafka_topic_t, void (*)(rd_kafka_topic_t*)> handle(
      rd_kafka_topic_new(client.handle(), topic.c_str(), nullptr), rd_kafka_topic_destroy);
  const rd_kafka_metadata_t* metadata = nullptr;
  if (const auto code = rd_kafka_metadata(client.handle(), 0, handle.get(), &metadata, report_ms))
    return std::unexpected(client.failure("ask which topics there are", code));
  const auto& found = metadata->topics[0];
  const std::int32_t count = found.err == RD_KAFKA_RESP_ERR_NO_ERROR ? found.partition_cnt : 0;
  rd_kafka_metadata_destroy(metadata);
  return count;
}

Result<std::vector<std::optional<Position>>> positions(const Client& client, const std::string& topic,
                                                       std::int32_t partitions) {
  const std::unique_ptr<rd_kafka_topic_partition_list_t, void (*)(rd_kafka_topic_partition_list_t*)> list(
      rd_kafka_topic_partition_list_new(partitions), rd_kafka_topic_partition_list_destroy);
  rd_kafka_topic_partition_list_add_range(list.get(), topic.c_str(), 0, partitions - 1);
  if (const auto code = rd_kafka_committed(client.handle(), list.get(), report_ms))
    return std::unexpected(client.failure("ask how far the readers of " + topic + " have come", code));
  std::vector<std::optional<Position>> found(static_cast<std::size_t>(partitions));
  for (int i = 0; i < list->cnt; ++i)
    if (list->elems[i].offset >= 0) found[static_cast<std::size_t>(list->elems[i].partition)] = list->elems[i].offset;
  return found;
}

// Offsets from here to the end, from the first that is a record: who has read everything still stands before the mark of
// the last transaction.
Result<Position> lag_from(PartitionReader& reader, const PartitionReport& partition, Position from) {
  if (from >= partition.end) return 0;
  const auto next = reader.poll(partition.topic, partition.partition, from, 1, 1);
  if (!next) return std::unexpected(next.error());
  return std::max<Position>(0, partition.end - (next->empty() ? next->next_position() : (*next)[0].position));
}

Result<void> add_readers(const KafkaCluster& cluster, Topic topic, PartitionReader& reader,
                         std::vector<PartitionReport>& partitions) {
  for (const std::string_view name : readers_of(topic)) {
    const std::string group = group_of(cluster, name);
    auto client = Client::open(ClientKind::Consumer, cluster, {{"group.id", group}, {"enable.auto.commit", "false"}});
    if (!client) return std::unexpected(client.error());
    const auto found = positions(*client, partitions.front().topic, static_cast<std::int32_t>(partitions.size()));
    if (!found) return std::unexpected(found.error());
    for (PartitionReport& partition : partitions) {
      const auto position = (*found)[static_cast<std::size_t>(partition.partition)];
      const auto lag = lag_from(reader, partition, std::max(position.value_or(partition.begin), partition.begin));
      if (!lag) return std::unexpected(lag.error());
      partition.readers.push_back({group, position, *lag});
    }
  }
  return {};
}

}  // namespace

Result<TopicsReport> report_topics(const KafkaCluster& cluster) {
  auto client = Client::open(ClientKind::Consumer, cluster, {{"allow.auto.create.topics", "false"}});
  if (!client) return std::unexpected(client.error());
  auto reader = PartitionReader::open(cluster);
  if (!reader) return std::unexpected(reader.error());
  TopicsReport report;
  const auto look_at = [&](const std::string& name, std::optional<Topic> topic) -> Result<void> {
    const auto count = partition_count(*client, name);
    if (!count) return std::unexpected(count.error());
    if (*count == 0) report.missing.push_back(name);
    std::vector<PartitionReport> partitions;
    for (std::int32_t number = 0; number < *count; ++number) {
      const auto extent = (*reader)->extent(name, number);
      if (!extent) return std::unexpected(extent.error());
      partitions.push_back({name, number, extent->begin, extent->end, {}});
    }
    if (topic && !partitions.empty())
      if (auto added = add_readers(cluster, *topic, **reader, partitions); !added) return added;
    std::ranges::move(partitions, std::back_inserter(report.partitions));
    return {};
  };
  for (const Topic topic : all_topics)
    if (auto looked = look_at(topic_name(cluster, topic), topic); !looked) return std::unexpected(looked.error());
  if (auto looked = look_at(state_topic_name(cluster), std::nullopt); !looked) return std::unexpected(looked.error());
  return report;
}

}  // namespace tidemark
