#include "io/kafka/group_positions.h"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <memory>

#include "io/kafka/kafka_log.h"

namespace tidemark {
namespace {

constexpr int request_ms = 10'000;

}  // namespace

auto GroupPositions::committed(const std::string& reader) -> Result<Positions> {
  auto& client = clients_[reader];
  if (!client) {
    auto opened = Client::open(ClientKind::Consumer, cluster_,
                               {{"group.id", group_of(cluster_, reader)}, {"enable.auto.commit", "false"}});
    if (!opened) return std::unexpected(opened.error());
    client.emplace(std::move(*opened));
  }
  const std::unique_ptr<rd_kafka_topic_partition_list_t, void (*)(rd_kafka_topic_partition_list_t*)> list(
      rd_kafka_topic_partition_list_new(topic_count), rd_kafka_topic_partition_list_destroy);
  for (const Topic topic : all_topics) rd_kafka_topic_partition_list_add(list.get(), names_[topic].c_str(), partition_);
  if (const auto code = rd_kafka_committed(client->handle(), list.get(), request_ms))
    return std::unexpected(client->failure("ask how far " + reader + " has come", code));
  Positions positions;
  for (const Topic topic : all_topics) {
    const auto* const found = rd_kafka_topic_partition_list_find(list.get(), names_[topic].c_str(), partition_);
    if (found->offset >= 0) positions.emplace_back(topic, base_ + found->offset);
  }
  return positions;
}

void GroupPositions::advance(Positions& positions, const std::string& reader, const Positions& with_state) const {
  for (const auto& [topic, position] : with_state) {
    const auto at = std::ranges::find(positions, topic, &Positions::value_type::first);
    if (at != positions.end() && at->second >= position) continue;
    if (cluster_.journal != nullptr)
      cluster_.journal->warning("kafka.group_behind",
                                {{"group", group_of(cluster_, reader)},
                                 {"topic", names_[topic]},
                                 {"partition", std::to_string(partition_)},
                                 {"offset", at == positions.end() ? "none" : std::to_string(at->second - base_)},
                                 {"goes_on_from", std::to_string(position - base_)}});
    if (at == positions.end())
      positions.emplace_back(topic, position);
    else
      at->second = position;
  }
}

}  // namespace tidemark
