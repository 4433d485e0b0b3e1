#include "io/kafka/topics.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <thread>

#include "io/kafka/client.h"
#include "run/interfaces/log.h"

namespace tidemark {
namespace {

using Steady = std::chrono::steady_clock;

constexpr int metadata_ms = 10'000;
constexpr auto longest_making = std::chrono::seconds(30);  // until what was made is known everywhere

struct Spec {
  std::string name;
  KafkaProperties config;
};

// The state is small and read whole by who takes a partition over, so its segments are small, too, and compacted early.
std::string milliseconds_of(std::optional<Duration> time) {
  return std::to_string(time ? std::chrono::ceil<std::chrono::milliseconds>(*time).count() : -1);
}

std::vector<Spec> specs(const KafkaCluster& cluster, const TopicsWanted& wanted) {
  const KafkaProperties kept = {{"retention.ms", milliseconds_of(wanted.keep)}};
  const KafkaProperties rejects = {{"retention.ms", milliseconds_of(wanted.keep_rejects)}};
  return {{topic_name(cluster, Topic::Bars), kept},
          {topic_name(cluster, Topic::Trends), kept},
          {topic_name(cluster, Topic::JudgedBars), kept},
          {topic_name(cluster, Topic::LateBars), rejects},
          {topic_name(cluster, Topic::DeadLetters), rejects},
          {state_topic_name(cluster),
           {{"cleanup.policy", "compact"},
            {"segment.bytes", "33554432"},
            {"segment.ms", "600000"},
            {"min.cleanable.dirty.ratio", "0.2"}}}};
}

using Queue = std::unique_ptr<rd_kafka_queue_t, void (*)(rd_kafka_queue_t*)>;
using Event = std::unique_ptr<rd_kafka_event_t, void (*)(rd_kafka_event_t*)>;

struct NewTopics {
  std::vector<rd_kafka_NewTopic_t*> topics;
  ~NewTopics() { rd_kafka_NewTopic_destroy_array(topics.data(), topics.size()); }
};

using PartitionCounts = std::map<std::string, std::int32_t, std::less<>>;

// Of those topics that are there.
Result<PartitionCounts> partition_counts(const Client& client) {
  const rd_kafka_metadata_t* metadata = nullptr;
  if (const auto code = rd_kafka_metadata(client.handle(), 1, nullptr, &metadata, metadata_ms))
    return std::unexpected(client.failure("ask which topics there are", code));
  PartitionCounts counts;
  for (int i = 0; i < metadata->topic_cnt; ++i)
    if (metadata->topics[i].err == RD_KAFKA_RESP_ERR_NO_ERROR)
      counts[metadata->topics[i].topic] = metadata->topics[i].partition_cnt;
  rd_kafka_metadata_destroy(metadata);
  return counts;
}

Result<Event> answer(const Client& client, const Queue& queue, std::string_view doing) {
  Event event(rd_kafka_queue_poll(queue.get(), 2 * metadata_ms), rd_kafka_event_destroy);
  if (!event) return std::unexpected(client.failure(doing, RD_KAFKA_RESP_ERR__TIMED_OUT));
  if (const auto code = rd_kafka_event_error(event.get())) {
    Error error = client.failure(doing, code);
    return std::unexpected(
        Error::retryable(fmt::format("{} ({})", error.message(), rd_kafka_event_error_string(event.get()))));
  }
  return event;
}

Result<void> create(const Client& client, const std::vector<Spec>& missing, std::int32_t partitions,
                    std::int32_t replication) {
  std::array<char, 512> why{};
  NewTopics wanted;
  for (const Spec& spec : missing) {
    auto* const topic = rd_kafka_NewTopic_new(spec.name.c_str(), partitions, replication, why.data(), why.size());
    if (topic == nullptr)
      return std::unexpected(Error::setup(fmt::format("kafka-partitions, kafka-replication: {}", why.data())));
    wanted.topics.push_back(topic);
    for (const auto& [name, value] : spec.config) rd_kafka_NewTopic_set_config(topic, name.c_str(), value.c_str());
  }
  const Queue queue(rd_kafka_queue_new(client.handle()), rd_kafka_queue_destroy);
  rd_kafka_CreateTopics(client.handle(), wanted.topics.data(), wanted.topics.size(), nullptr, queue.get());
  auto event = answer(client, queue, "make the topics");
  if (!event) return std::unexpected(event.error());
  std::size_t count = 0;
  const auto* const results =
      rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event->get()), &count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto code = rd_kafka_topic_result_error(results[i]);
    // Another process may have made it meanwhile.
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR || code == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) continue;
    const char* const text = rd_kafka_topic_result_error_string(results[i]);
    return std::unexpected(
        Error::setup(fmt::format("Kafka: cannot make the topic {}: {}", rd_kafka_topic_result_name(results[i]),
                                 text != nullptr ? text : rd_kafka_err2str(code))));
  }
  return {};
}

// Whether the state topic is compacted. Nothing when we may not ask.
Result<std::optional<std::string>> cleanup_policy(const Client& client, const std::string& topic) {
  const std::unique_ptr<rd_kafka_ConfigResource_t, void (*)(rd_kafka_ConfigResource_t*)> resource(
      rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic.c_str()), rd_kafka_ConfigResource_destroy);
  std::array<rd_kafka_ConfigResource_t*, 1> resources{resource.get()};
  const Queue queue(rd_kafka_queue_new(client.handle()), rd_kafka_queue_destroy);
  rd_kafka_DescribeConfigs(client.handle(), resources.data(), 1, nullptr, queue.get());
  auto event = answer(client, queue, "ask how topics are kept");
  if (!event) return std::unexpected(event.error());
  std::size_t count = 0;
  const auto* const found =
      rd_kafka_DescribeConfigs_result_resources(rd_kafka_event_DescribeConfigs_result(event->get()), &count);
  if (count != 1 || rd_kafka_ConfigResource_error(found[0]) != RD_KAFKA_RESP_ERR_NO_ERROR) return std::nullopt;
  const auto* const* const entries = rd_kafka_ConfigResource_configs(found[0], &count);
  for (std::size_t i = 0; i < count; ++i)
    if (std::string_view(rd_kafka_ConfigEntry_name(entries[i])) == "cleanup.policy")
      return rd_kafka_ConfigEntry_value(entries[i]);
  return std::nullopt;
}

// All have as many partitions as the bars.
Result<std::int32_t> agreed_count(const PartitionCounts& counts, const std::vector<Spec>& wanted) {
  const std::int32_t of_bars = counts.find(wanted.front().name)->second;
  for (const Spec& spec : wanted) {
    const std::int32_t count = counts.find(spec.name)->second;
    if (count != of_bars)
      return std::unexpected(Error::setup(fmt::format(
          "the topic {} has {} partitions, {} has {}: they must have the same number, because a bar, its trends and "
          "their "
          "state stand in the partition of the same number; see docs/kafka.md, \"Another number of partitions\"",
          spec.name, count, wanted.front().name, of_bars)));
  }
  return of_bars;
}

}  // namespace

Result<TopicsFound> ensure_topics(const KafkaCluster& cluster, const TopicsWanted& wanted) {
  auto client = Client::open(ClientKind::Producer, cluster, {});
  if (!client) return std::unexpected(client.error());
  const std::vector<Spec> all = specs(cluster, wanted);
  auto counts = partition_counts(*client);
  if (!counts) return std::unexpected(counts.error());

  std::vector<Spec> missing;
  std::ranges::copy_if(all, std::back_inserter(missing),
                       [&](const Spec& spec) { return !counts->contains(spec.name); });
  TopicsFound found;
  if (!missing.empty()) {
    const auto bars = counts->find(all.front().name);
    if (auto made =
            create(*client, missing, bars == counts->end() ? wanted.partitions : bars->second, wanted.replication);
        !made)
      return std::unexpected(made.error());
    for (const Spec& spec : missing) found.made.push_back(spec.name);
  }
  const auto is_known = [&](const Spec& spec) { return counts->contains(spec.name); };
  for (const auto deadline = Steady::now() + longest_making; !std::ranges::all_of(all, is_known);) {
    if (Steady::now() > deadline)
      return std::unexpected(Error::retryable(
          fmt::format("Kafka: the topics {} were made, and are not there yet", fmt::join(found.made, ", "))));
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    counts = partition_counts(*client);
    if (!counts) return std::unexpected(counts.error());
  }
  const auto count = agreed_count(*counts, all);
  if (!count) return std::unexpected(count.error());
  found.partitions = *count;
  for (const Spec& spec : all) {
    const bool is_state = &spec == &all.back();
    const auto policy = cleanup_policy(*client, spec.name);
    if (!policy) return std::unexpected(policy.error());
    if (!*policy || ((*policy)->find("compact") != std::string::npos) == is_state) continue;
    return std::unexpected(Error::setup(fmt::format(
        "the topic {0} has cleanup.policy={1}: {2}; set it to {3}: kafka-configs --alter --topic {0} --add-config "
        "cleanup.policy={3}",
        spec.name, **policy,
        is_state ? "its records would be removed by age, and with them what the workers know"
                 : "of each symbol only the newest record would be kept",
        is_state ? "compact" : "delete")));
  }
  return found;
}

}  // namespace tidemark
