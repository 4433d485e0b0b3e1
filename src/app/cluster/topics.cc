// The verb topics: what is in the topics of a cluster, and how far those who read them have come.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/cluster/client_advice.h"
#include "app/process/exit_code.h"
#include "app/cluster/kafka_setup.h"
#include "app/process/tell.h"
#include "app/verbs.h"
#include "core/wire/encode.h"
#include "io/kafka/topic_report.h"

namespace tidemark {
namespace {

std::string position_text(const ReaderReport& reader, std::string_view none) {
  return reader.position ? std::to_string(*reader.position) : std::string(none);
}

void print_lines(const TopicsReport& report) {
  std::size_t width = 5;
  for (const auto& partition : report.partitions) width = std::max(width, partition.topic.size());
  fmt::print("{:<{}}  partition      begin        end  read by\n", "topic", width);
  for (const auto& partition : report.partitions) {
    fmt::print("{:<{}}  {:>9} {:>10} {:>10}", partition.topic, width, partition.partition, partition.begin,
               partition.end);
    for (const auto& reader : partition.readers)
      fmt::print("  {} at {}, {} to go", reader.group, position_text(reader, "nothing yet"), reader.lag);
    fmt::print("\n");
  }
  if (!report.missing.empty())
    fmt::print("not there: {}; the first process that starts makes them\n", fmt::join(report.missing, ", "));
}

void print_json(const TopicsReport& report) {
  for (const auto& partition : report.partitions) {
    std::string topic;
    append_json_string(partition.topic, topic);
    const std::string common = fmt::format(R"({{"topic":{},"partition":{},"begin":{},"end":{})", topic,
                                           partition.partition, partition.begin, partition.end);
    if (partition.readers.empty()) fmt::print("{}}}\n", common);
    for (const auto& reader : partition.readers) {
      std::string group;
      append_json_string(reader.group, group);
      fmt::print(R"({},"group":{},"position":{},"lag":{}}})"
                 "\n",
                 common, group, position_text(reader, "null"), reader.lag);
    }
  }
}

int refuse(const Error& error) {
  tell("topics", error.message());
  return exit_code_of(error);
}

}  // namespace

int topics_verb(const TopicsVerbOptions& options) {
  const auto cluster = kafka_cluster(options.run.kafka, nullptr);
  if (!cluster) return refuse(cluster.error());
  const auto report = report_topics(*cluster);
  if (!report) return refuse(report.error());
  if (options.json)
    print_json(*report);
  else
    print_lines(*report);
  if (!options.client.empty()) fmt::print("\n{}\n", advice_for(options.client));
  return exit_ok;
}

}  // namespace tidemark
