#include "app/cluster/kafka_setup.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <poll.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <string>

#include "app/process/signals.h"
#include "io/kafka/partition_count.h"
#include "io/kafka/topics.h"

namespace tidemark {
namespace {

constexpr std::string_view blank = " \t\r";

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(blank);
  return first == text.npos ? std::string_view{} : text.substr(first, text.find_last_not_of(blank) - first + 1);
}

Result<std::int32_t> try_topics(const KafkaCluster& cluster, const RunOptions& options, Journal& journal) {
  TopicsWanted wanted{.partitions = static_cast<std::int32_t>(options.kafka.partitions),
                      .keep = options.retention.keep,
                      .keep_rejects = options.retention.keep_rejects};
  if (options.kafka.replication) wanted.replication = static_cast<std::int32_t>(*options.kafka.replication);
  const auto found = ensure_topics(cluster, wanted);
  if (!found) return std::unexpected(found.error());
  if (!found->made.empty())
    journal.info("kafka.topics_made", {{"topics", fmt::format("{}", fmt::join(found->made, ","))},
                                       {"partitions", std::to_string(found->partitions)}});
  if (auto same = check_partition_count(cluster, found->partitions); !same) return std::unexpected(same.error());
  return found->partitions;
}

}  // namespace

Result<KafkaCluster> kafka_cluster(const KafkaOptions& options, Journal* journal) {
  KafkaCluster cluster{.brokers = options.brokers,
                       .properties = {},
                       .application = options.application,
                       .topic_prefix = options.topic_prefix,
                       .journal = journal};
  if (options.config_file.empty()) return cluster;
  std::ifstream file(options.config_file);
  if (!file)
    return std::unexpected(
        Error::setup(fmt::format("kafka-config: cannot read {}: is it there?", options.config_file)));
  std::string line;
  for (std::size_t number = 1; std::getline(file, line); ++number) {
    const std::string_view text = trimmed(line);
    if (text.empty() || text.front() == '#') continue;
    const std::size_t equals = text.find('=');
    if (equals == text.npos || equals == 0)
      return std::unexpected(
          Error::setup(fmt::format("kafka-config: {}:{} must be NAME=VALUE", options.config_file, number)));
    cluster.properties.emplace_back(trimmed(text.substr(0, equals)), trimmed(text.substr(equals + 1)));
  }
  return cluster;
}

Result<std::int32_t> open_topics(const KafkaCluster& cluster, const RunOptions& options, Journal& journal,
                                 const std::function<void(const Error&)>& told) {
  using namespace std::chrono_literals;
  auto delay = std::min<std::chrono::nanoseconds>(options.retry_delay, 1s);
  for (std::uint64_t tried = 0;; ++tried) {
    auto partitions = try_topics(cluster, options, journal);
    if (partitions || !partitions.error().is_retryable() || stop_requested()) return partitions;
    if (options.max_retries && tried >= *options.max_retries) return partitions;
    told(partitions.error());
    journal.warning("kafka.not_there", {{"brokers", cluster.brokers},
                                        {"error", partitions.error().message()},
                                        {"in", fmt::format("{}ms", delay / 1ms)}});
    pollfd stop{stop_descriptor(), POLLIN, 0};
    ::poll(&stop, 1, static_cast<int>(delay / 1ms));
    if (stop_requested()) return partitions;
    delay = std::min<std::chrono::nanoseconds>(delay * 2, std::max<std::chrono::nanoseconds>(options.retry_delay, 1s));
  }
}

}  // namespace tidemark
