#include "app/doctor/kafka_checks.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <set>
#include <string>

#include "app/cluster/kafka_setup.h"
#include "io/kafka/topic_report.h"

namespace tidemark {
namespace {

constexpr auto kafka_subject = "kafka";

Check examine_topics(const TopicsReport& report) {
  std::map<std::string, std::int32_t> counts;
  for (const auto& partition : report.partitions) ++counts[partition.topic];
  std::set<std::int32_t> different;
  for (const auto& [topic, count] : counts) different.insert(count);
  if (different.size() > 1) {
    std::vector<std::string> each;
    for (const auto& [topic, count] : counts) each.push_back(fmt::format("{} has {}", topic, count));
    return {Health::Failure, kafka_subject,
            fmt::format("topics have different numbers of partitions: {}", fmt::join(each, ", ")),
            "docs/kafka.md, \"Another number of partitions\""};
  }
  if (!report.missing.empty())
    return {Health::Ok, kafka_subject,
            fmt::format("missing, and will be created: {}", fmt::join(report.missing, ", "))};
  Position lag = 0;
  for (const auto& partition : report.partitions)
    for (const auto& reader : partition.readers) lag += reader.lag;
  return {Health::Ok, kafka_subject,
          fmt::format("all topics are there, {} partitions each; readers have {} to go", *different.begin(), lag)};
}

}  // namespace

std::vector<Check> examine_kafka(const RunOptions& options) {
  if (options.kafka.brokers.empty()) return {};
  const auto cluster = kafka_cluster(options.kafka, nullptr);
  if (!cluster)
    return {{Health::Failure, kafka_subject, cluster.error().message(),
             "mend the file that kafka-config names, or leave kafka-config out"}};
  const auto report = report_topics(*cluster);
  if (!report)
    return {
        {Health::Failure, kafka_subject, report.error().message(),
         fmt::format("is a broker at {}, may this machine reach it, and does it name itself so (advertised.listeners)?",
                     options.kafka.brokers)}};
  return {{Health::Ok, kafka_subject, fmt::format("brokers at {} answer", options.kafka.brokers)},
          examine_topics(*report)};
}

}  // namespace tidemark
