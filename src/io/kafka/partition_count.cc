#include "io/kafka/partition_count.h"

#include <fmt/format.h>

#include "io/kafka/message.h"
#include "io/kafka/partition_reader.h"
#include "io/kafka/state_topic.h"
#include "io/kafka/transaction.h"

namespace tidemark {
namespace {

constexpr const char* count_key = "partitions";

}  // namespace

Result<void> check_partition_count(const KafkaCluster& cluster, std::int32_t partitions) {
  const std::string topic = state_topic_name(cluster), now = std::to_string(partitions);
  auto reader = PartitionReader::open(cluster);
  if (!reader) return std::unexpected(reader.error());
  const auto state = StateTable::read(**reader, topic, 0);
  if (!state) return std::unexpected(state.error());
  const auto began = state->value(count_key);
  if (began && *began != now)
    return std::unexpected(Error::setup(fmt::format(
        "the topics have {} partitions, and the work on them began with {}: bars of a symbol would come to another "
        "partition "
        "than its windows stand in; docs/kafka.md, \"Another number of partitions\", says how it is changed",
        now, *began)));
  if (began) return {};
  auto producer = PlainProducer::open(cluster);
  if (!producer) return std::unexpected(producer.error());
  const Record record{.key = count_key, .value = now};
  return (*producer)->write([&](rd_kafka_s* handle) { return produce(handle, {topic.c_str(), 0}, record); });
}

}  // namespace tidemark
