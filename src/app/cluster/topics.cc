#include "app/cluster/topics.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/cluster/client_advice.h"
#include "app/cluster/kafka_setup.h"
#include "app/command_line/command.h"
#include "app/command_line/option_parser.h"
#include "app/command_line/setting_flags.h"
#include "app/config/configuration.h"
#include "app/config/run_options.h"
#include "app/process/exit_code.h"
#include "app/process/fail.h"
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

int refuse(const Error& error) { return fail("topics", error); }

int perform(const TopicsVerbOptions& options) {
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

int perform(TopicsRequest& request) {
  request.run.part = Part::Analyze;  // that works over Kafka, too
  const auto run = configured(request.run);
  if (!run) return run.error();
  request.options.run = *run;
  return perform(request.options);
}

Result<Command> parse_topics(const VerbSpec& spec, Words words) {
  OptionParser verb(spec);
  TopicsRequest request;
  SettingFlags flags;
  verb.heading("Output");
  verb.toggle("json", "one JSON object a topic and partition", [&](bool on) { request.options.json = on; });
  verb.value("for", "CLIENT", "", fmt::format("also what users of this client have to mind: {}", known_clients()),
             [&](const std::string& text) { request.options.client = text; });
  flags.add_to(verb, {kafka_group});
  return parse_words(verb, words, [&]() -> Result<Command> {
    if (request.options.json && !request.options.client.empty())
      return verb.failed("--for is for eyes: leave out --json");
    if (const std::string& client = request.options.client; !client.empty() && advice_for(client).empty())
      return verb.failed(fmt::format("--for: must be one of {}, not \"{}\"", known_clients(), client));
    request.run = flags.take();
    return Command(std::move(request), perform);
  });
}

}  // namespace

extern const VerbSpec topics_verb{
    .name = "topics",
    .summary = "over Kafka: what is in the topics, and who has read how far",
    .usage = "[OPTIONS]",
    .about = R"(Lists each topic and partition with its first and its next offset, and for those
who read it their position and how many offsets they have yet to go. Changes
nothing, and makes no topics.)",
    .examples = R"(  tidemark topics --log kafka://localhost:9092
  tidemark topics --log kafka://localhost:9092 --json | jq -s 'map(.lag // 0) | add')",
    .parse = parse_topics};

}  // namespace tidemark
