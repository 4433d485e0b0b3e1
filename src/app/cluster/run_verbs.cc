// The verbs of long-running processes: run, and over Kafka ingest, analyze, store and serve.
#include <fmt/format.h>

#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

#include "app/cluster/fleet.h"
#include "app/command_line/command.h"
#include "app/command_line/option_parser.h"
#include "app/command_line/setting_flags.h"
#include "app/config/configuration.h"
#include "app/config/feed_spec.h"
#include "app/config/run_options.h"
#include "app/data_dir/data_directory.h"
#include "app/live/feeds.h"
#include "app/live/run.h"
#include "app/process/exit_code.h"
#include "app/process/fail.h"
#include "app/process/tell.h"
#include "io/config/setting.h"
#include "io/disk/directory_lock.h"

namespace tidemark {
namespace {

// The lock itself is taken later. A process that comes in between is refused by the lock, as Error::setup.
int refuse(const RunOptions& options, const std::string& owner) {
  tell_of("", "process {} works on the data directory {}; end it, or give another one with --data", owner,
          options.data.string());
  return exit_in_use;
}

int refuse(Part part, const Error& error) { return fail(to_string(part), error); }

int perform(RunRequest& request) {
  const auto options = configured(request);
  if (!options) return options.error();
  if (auto there = check_feed_input(*options); !there) return refuse(request.part, there.error());
  if (!options->kafka.brokers.empty()) return run_over_kafka(request.part, *options);
  if (const std::string foreign = foreign_file(options->data); !foreign.empty())
    return refuse(request.part, Error::setup(fmt::format(
                                    "data: {} holds {} and nothing of Tidemark's; name an empty or a new directory",
                                    options->data.string(), foreign)));
  if (const auto owner = directory_owner(options->data)) return refuse(*options, *owner);
  return run_in_one_process(*options);
}

Result<Command> parse_run(const VerbSpec& spec, Words words) {
  OptionParser verb(spec);
  SettingFlags flags;
  flags.add_to(verb);
  return parse_words(verb, words, [&]() -> Result<Command> { return Command(flags.take(), perform); });
}

Part part_of(std::string_view verb) {
  for (const Part part : {Part::Ingest, Part::Analyze, Part::Store, Part::Serve})
    if (verb == to_string(part)) return part;
  return Part::All;
}

// Settings of all feeds, those of each, and these.
std::vector<std::string_view> groups_of_feeds(std::initializer_list<std::string_view> others) {
  std::vector<std::string_view> groups{feed_group};
  for (const FeedSpec* feed : feeds())
    if (!feed->settings.empty()) groups.push_back(feed->settings.front().spec.group);
  groups.insert(groups.end(), others);
  return groups;
}

Result<Command> parse_part(const VerbSpec& spec, Words words) {
  const Part part = part_of(spec.name);
  OptionParser verb(spec);
  SettingFlags flags;
  switch (part) {
    case Part::Ingest:
      flags.add_groups(verb, groups_of_feeds({kafka_group, operation_group}));
      break;
    case Part::Analyze:
      flags.add_to(verb, {window_group, console_group, kafka_group, operation_group});
      break;
    case Part::Store:
      flags.add_to(verb, {hdfs_group, s3_group, hive_group, kafka_group, operation_group});
      verb.heading(storage_group);
      for (const auto* name : {"data", "lake", "lake-codec", "lake-mode", "store-every"})
        flags.add_to(verb, *find_setting(run_settings(), name));
      break;
    default:
      flags.add_to(verb, {page_group, kafka_group, operation_group});
      verb.heading(storage_group);
      flags.add_to(verb, *find_setting(run_settings(), "data"));
  }
  if (part != Part::Serve) {
    verb.heading(fmt::format("{}, with operations-port", page_group));
    for (const auto* name : {"address", "token-file"}) flags.add_to(verb, *find_setting(run_settings(), name));
  }
  return parse_words(verb, words, [&]() -> Result<Command> {
    RunRequest request = flags.take();
    request.part = part;
    return Command(request, perform);
  });
}

}  // namespace

extern const VerbSpec run_verb{
    .name = "run",
    .summary = "bars in, exact trends out, live on a page",
    .usage = "[OPTIONS] [FILE...]",
    .about = R"(Starts everything in this one process: the feed, the log, the engine, the lake and
the page at http://localhost:8050. Without an option it shows a simulated market.
Over Kafka (--log kafka) it works on the bars that others write, and brings a feed
only if you name one. You may end or kill it at any time: started again, it
continues without a gap and without a duplicate. FILE... alone means --feed replay.

Ctrl-C publishes what is complete and ends with 0; a second one ends at once.)",
    .examples = R"(  tidemark run                                  a simulated market, two hours deep
  tidemark run --speed 1 --symbols AAPL,MSFT    two symbols in real time
  tidemark run monday.jsonl.gz tuesday.jsonl.gz
                                                replay two days, a market minute a second
  tidemark run --speed max --exit-at-end day.jsonl --data day
                                                fill a data directory, then end
  tidemark run --sort day.jsonl --data sorted   a file that is sorted by symbol
  tidemark run --console table                  trends in the terminal, too; json for a pipe
  producer | tidemark run --feed stdin          bars as they come
  tidemark run --address 0.0.0.0 --token-file ~/.tidemark-token
                                                for others in the network, who need the token
  tidemark run --log kafka://localhost:9092     on the bars that others write there
  tidemark run --log kafka://localhost:9092 --feed simulator
                                                and on simulated ones)",
    .parse = parse_run};

extern const VerbSpec ingest_verb{
    .name = "ingest",
    .summary = "over Kafka: bars of a feed into the cluster",
    .usage = "[OPTIONS] [FILE...]",
    .about = R"(Appends the bars of a feed to the topic alpaca_trends, each in the partition of its
symbol, and stores the feed's position in the same transaction. Run one process for
each feed: a second one of the same feed takes over from the first. Missing topics
are created.)",
    .examples = R"(  tidemark ingest --log kafka://localhost:9092 --feed simulator
  tidemark ingest --log kafka://localhost:9092 --speed max --exit-at-end day.jsonl
  producer | KAFKA_BROKER=localhost:9092 tidemark ingest --feed stdin)",
    .parse = parse_part};

extern const VerbSpec analyze_verb{
    .name = "analyze",
    .summary = "over Kafka: bars to trends, a partition each",
    .usage = "[OPTIONS]",
    .about = R"(Judges the bars of the partitions that its consumer group gives it, and writes
trends, judged bars, late bars and dead letters, its own state and how far it has
read, all in one transaction each time. It keeps nothing on this machine: the worker
that takes a partition over continues where the last one stopped, and the former
owner is refused if it is still alive.)",
    .examples = R"(  tidemark analyze --log kafka://localhost:9092
  tidemark analyze --log kafka://localhost:9092 --instance desk-1
  tidemark analyze --log kafka://localhost:9092 --delivery at-least-once)",
    .parse = parse_part};

extern const VerbSpec store_verb{
    .name = "store",
    .summary = "over Kafka: final trends and judged bars into the lake",
    .usage = "[OPTIONS]",
    .about = R"(Writes final trends and judged bars to the Parquet lake in the data directory, each
row once, whatever is killed meanwhile. Several processes share the partitions; they
need the same directory, on a file system that all of them see, or the same `lake`
in HDFS or S3.)",
    .examples = R"(  tidemark store --log kafka://localhost:9092 --data /srv/tidemark
  tidemark store --log kafka://localhost:9092 --lake webhdfs://tidemark@namenode:9870/warehouse/tidemark)",
    .parse = parse_part};

extern const VerbSpec serve_verb{
    .name = "serve",
    .summary = "over Kafka: the page, the API and the metrics",
    .usage = "[OPTIONS]",
    .about = R"(Reads the trends of all partitions and shows them as `tidemark run` does. It is in
no group and writes nothing, so any number of them show the same. SQL is answered
where the data directory with the lake can be seen.)",
    .examples = R"(  tidemark serve --log kafka://localhost:9092
  tidemark serve --log kafka://localhost:9092 --port 8051 --data /srv/tidemark)",
    .parse = parse_part};

}  // namespace tidemark
