#include "app/config/settings.h"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "app/config/configuration.h"
#include "app/config/feed_spec.h"
#include "app/config/setting_tables.h"
#include "app/config/setting_values.h"
#include "app/config/value_text.h"

namespace tidemark {
namespace {

using namespace std::chrono_literals;
using Kind = SettingKind;
using namespace setting_values;

Taken put_files(RunOptions& options, const Assignment& said) {
  options.files.assign(said.texts.begin(), said.texts.end());
  return {};
}

Taken put_retries(RunOptions& options, const Assignment& said) {
  const auto retries = read_whole_number(text(said), 0, 1'000'000);
  if (!retries) return std::unexpected(retries.error());
  options.max_retries = *retries == 0 ? std::nullopt : std::optional(*retries);
  return {};
}

// What it means depends on other settings: rules.cc.
Taken left_to_rules() { return {}; }

constexpr std::array table{
    RunSetting{SettingSpec{"feed", Kind::Value, feed_group, "", "simulator", "", "",
                           "[feeds.md](feeds.md)"},  // the table of feeds says which there are
               [](RunOptions& o, Said said) { return put(o.feed, read_feed(text(said))); }},
    RunSetting{SettingSpec{"files", Kind::List, feed_group, "FILE", "",
                           "what replay plays, merged in time order; plain, gzip, Zstandard or ZIP", "",
                           "On the command line they need no flag, and alone mean `feed = \"replay\"`"},
               [](RunOptions& o, Said said) { return put_files(o, said); }},
    RunSetting{
        SettingSpec{"format", Kind::Value, feed_group, "auto|jsonl|alpaca|polygon|binance", "auto",
                    "who wrote the bars of replay and stdin: messages or answers of these; a file's first record tells",
                    "", "[feeds.md](feeds.md#what-others-write)"},
        [](RunOptions& o, Said said) { return put(o.transcribe.format, read_bar_format(text(said))); }},
    RunSetting{SettingSpec{"symbol-from-name", Kind::Switch, feed_group, "", "false",
                           "for lists without a symbol: take it from the name of their file, BTCUSDT.json"},
               [](RunOptions& o, Said said) { return put(o.transcribe.symbol_from_name, read_switch(text(said))); }},
    RunSetting{
        SettingSpec{
            "sort", Kind::Switch, feed_group, "", "false",
            "replay in order of time, for files that are sorted by symbol; reads all input before the first bar"},
        [](RunOptions& o, Said said) { return put(o.sort.sort, read_switch(text(said))); }},
    RunSetting{SettingSpec{"sort-memory", Kind::Value, feed_group, "SIZE", "512MB",
                           "beyond it, sorting uses temporary files in $TMPDIR or /var/tmp"},
               [](RunOptions& o, Said said) { return put(o.sort.memory_bytes, read_sort_memory(text(said))); }},
    RunSetting{
        SettingSpec{"max-ahead", Kind::Value, feed_group, "TIME|off", "",
                    "a bar further ahead of this machine's clock than this is rejected; 1h for stdin, off for other "
                    "feeds if not set",
                    "", "The reason is `ahead_of_feed`, at least `1s` ([feeds.md](feeds.md#a-bar-from-the-future))"},
        [](RunOptions& o, Said said) { return put(o.max_ahead, read_max_ahead(text(said))); }},
    RunSetting{
        SettingSpec{"speed", Kind::Value, feed_group, "X|max", "60",
                    "market seconds per second: 1 is real time, 60 a market minute a second; simulator and replay"},
        [](RunOptions& o, Said said) { return put(o.speed, read_speed(text(said))); }},
    RunSetting{
        SettingSpec{
            "symbols", Kind::List, feed_group, "A,B,...|N", "",
            "of the simulator or of Alpaca; or how many simulated ones; AAPL, TSLA, GOOGL, MSFT and AMZN if not set",
            "SYMBOLS", "A choice made with `tidemark symbols` overrides it"},
        [](RunOptions& o, Said said) { return put(o.symbols, read_symbols(said.texts)); }},
    RunSetting{
        SettingSpec{"seed", Kind::Value, feed_group, "N", "1", "of the simulator: another number gives another market"},
        [](RunOptions& o, Said said) { return put(o.seed, read_whole_number(text(said), 0, ~std::uint64_t{0})); }},
    RunSetting{SettingSpec{"exit-at-end", Kind::Switch, feed_group, "", "false",
                           "end with 0 when replay or stdin have ended and everything is published"},
               [](RunOptions& o, Said said) { return put(o.exit_at_end, read_switch(text(said))); }},

    RunSetting{SettingSpec{"size", Kind::Value, window_group, "TIME", "5m", "length of a window", "",
                           "Whole seconds, a multiple of `slide`, at most 1,440 of it"},
               [](RunOptions& o, Said said) { return put(o.windows.size, read_window_size(text(said))); }},
    RunSetting{SettingSpec{"slide", Kind::Value, window_group, "TIME", "1m",
                           "distance between the starts of two windows; divides size"},
               [](RunOptions& o, Said said) { return put(o.windows.slide, read_window_slide(text(said))); }},
    RunSetting{
        SettingSpec{"delay", Kind::Value, window_group, "TIME", "2m", "how long a window waits for bars out of order"},
        [](RunOptions& o, Said said) { return put(o.windows.delay, read_window_delay(text(said))); }},

    RunSetting{
        SettingSpec{"port", Kind::Value, page_group, "PORT", "8050", "of the page and the API; 0 takes any free port"},
        [](RunOptions& o, Said said) { return put(o.port, read_whole_number(text(said), 0, 65'535)); }},
    RunSetting{SettingSpec{"address", Kind::Value, page_group, "ADDRESS", "127.0.0.1",
                           "where to listen; beyond this machine only together with a token"},
               [](RunOptions& o, Said said) { return put_text(o.address, said); }},
    RunSetting{
        SettingSpec{"token-file", Kind::Value, page_group, "FILE", "",
                    "tokens that page and API ask for, one a line, read again when it changes (or TIDEMARK_TOKEN)", "",
                    "Each has at least 16 visible characters ([Secrets](#secrets))"},
        [](RunOptions& o, Said said) { return put_text(o.token_file, said); }},
    RunSetting{
        SettingSpec{"token", Kind::Secret, page_group, "TOKEN", "", "the token itself, at least 16 visible characters"},
        [](RunOptions& o, Said said) { return put_secret(o.token, said); }},

    RunSetting{SettingSpec{"allow-query", Kind::Value, page_group, "loopback|always|never", "loopback",
                           "who may ask SQL over the API: this machine only, everybody who has the token, nobody"},
               [](RunOptions& o, Said said) { return put(o.allow_query, read_allow(text(said))); }},
    RunSetting{SettingSpec{"query-timeout", Kind::Value, page_group, "TIME", "10s",
                           "a question over the API that takes longer is stopped", "",
                           "From `1s` to `1h`. Questions run behind everything else, so a busy machine needs more"},
               [](RunOptions& o, Said said) { return put(o.query_timeout, read_duration(text(said), 1s, 1h)); }},
    RunSetting{SettingSpec{"allow-changes", Kind::Value, page_group, "loopback|always|never", "never",
                           "who may change the run over the API, its symbols for example: this machine only, everybody "
                           "who has the token, nobody; the owner of the data always may, by its control socket",
                           "", "[The control socket](api.md#the-control-socket)"},
               [](RunOptions& o, Said said) { return put(o.allow_changes, read_allow(text(said))); }},
    RunSetting{SettingSpec{"allowed-hosts", Kind::List, page_group, "NAME,...", "",
                           "further names under which clients may reach this server, as behind a proxy"},
               [](RunOptions& o, Said said) { return put_list(o.allowed_hosts, said); }},
    RunSetting{SettingSpec{"allowed-origins", Kind::List, page_group, "URL,...", "",
                           "pages of other servers that may use this one: https://desk.example"},
               [](RunOptions& o, Said said) { return put_list(o.allowed_origins, said); }},
    RunSetting{
        SettingSpec{"clients-per-address", Kind::Value, page_group, "N", "",
                    "connections that one client address may hold; 200 if not set, and any number from this machine"},
        [](RunOptions& o, Said said) {
          return put(o.clients_per_address, read_whole_number(text(said), 1, 1'000'000));
        }},

    RunSetting{
        SettingSpec{
            "console", Kind::Value, console_group, "table|json", "",
            "trends on standard output as their windows close: aligned for eyes, or the contract's lines of JSON"},
        [](RunOptions& o, Said said) { return put(o.console, read_console_format(text(said))); }},
    RunSetting{SettingSpec{"updates", Kind::Switch, console_group, "", "false",
                           "on the console, also print windows that are open"},
               [](RunOptions& o, Said said) { return put(o.updates, read_switch(text(said))); }},

    RunSetting{SettingSpec{"data", Kind::Value, storage_group, "DIR", "tidemark-data",
                           "log and lake; made if it is not there", "", "`run`, `import` and `backfill` make it"},
               [](RunOptions& o, Said said) { return put_text(o.data, said); }},
    RunSetting{
        SettingSpec{
            "lake", Kind::Value, storage_group, "URL", "",
            "where to publish: s3://BUCKET/PREFIX, or webhdfs://[USER@]HOST:9870/FOLDER of HDFS; the folder lake "
            "in data if not set",
            "", "What works there: [s3.md](s3.md), [hdfs.md](hdfs.md)"},
        [](RunOptions& o, Said said) { return put(o.remote_lake, read_lake(text(said))); }},
    RunSetting{
        SettingSpec{"lake-codec", Kind::Value, storage_group, "zstd|snappy|gzip|none", "zstd",
                    "how the pages of the lake's new files are compressed: zstd is small, Hive 2.3 reads the others"},
        [](RunOptions& o, Said said) { return put(o.lake_codec, read_codec(text(said))); }},
    RunSetting{SettingSpec{"lake-mode", Kind::Value, storage_group, "MODE", "0644",
                           "octal mode of the lake's new files, whatever the umask; its folders get search rights to "
                           "match; log, state and backups are the owner's alone",
                           "", "[operations.md](operations.md#who-may-read-what)"},
               [](RunOptions& o, Said said) { return put(o.lake_mode, read_file_mode(text(said))); }},
    RunSetting{
        SettingSpec{"lake-cache", Kind::Value, storage_group, "SIZE", "10GB",
                    "most that the copies of a lake in HDFS or S3 take in the data directory, which questions in SQL "
                    "read; days that were asked for least recently go first",
                    "", "[hdfs.md](hdfs.md#questions-in-sql)"},
        [](RunOptions& o, Said said) { return put(o.lake_cache_bytes, read_byte_size(text(said))); }},
    RunSetting{SettingSpec{"store-every", Kind::Value, storage_group, "TIME", "60s",
                           "longest time a final trend waits for the lake"},
               [](RunOptions& o, Said said) { return put(o.store_every, read_duration(text(said), 1s, 24h)); }},
    RunSetting{SettingSpec{"keep-log", Kind::Value, storage_group, "TIME", "7d",
                           "the log forgets bars and trends that arrived longer ago; the lake keeps them. Or: forever"},
               [](RunOptions& o, Said said) { return put(o.retention.keep, read_keep(text(said))); }},
    RunSetting{SettingSpec{"keep-log-size", Kind::Value, storage_group, "SIZE", "",
                           "and earlier, while it is larger than this; as large as it gets if not set", "",
                           "From `10MB` on: `20GB`"},
               [](RunOptions& o, Said said) { return put(o.retention.most_bytes, read_log_size(text(said))); }},
    RunSetting{
        SettingSpec{
            "keep-rejects", Kind::Value, storage_group, "TIME", "90d",
            "the log forgets late bars and dead letters that arrived longer ago, whatever its size. Or: forever"},
        [](RunOptions& o, Said said) { return put(o.retention.keep_rejects, read_keep(text(said))); }},
    RunSetting{SettingSpec{"compact-after", Kind::Value, storage_group, "TIME|never", "1h",
                           "so long after its end (UTC) the files of a day become one"},
               [](RunOptions& o, Said said) { return put(o.compact_after, read_compact_after(text(said))); }},

    RunSetting{SettingSpec{"hdfs-delegation-token", Kind::Secret, hdfs_group, "TOKEN", "",
                           "that names HDFS's user, as text (its urlString), where the cluster wants Kerberos", "",
                           "It is not renewed ([hdfs.md](hdfs.md#kerberos-and-tls))"},
               [](RunOptions& o, Said said) { return put_secret(o.hdfs.delegation_token, said); }},
    RunSetting{SettingSpec{"hdfs-kerberos", Kind::Switch, hdfs_group, "", "false",
                           "show the NameNodes a Kerberos ticket (SPNEGO), of `kinit` or from a keytab", "",
                           "[hdfs.md](hdfs.md#kerberos-and-tls)"},
               [](RunOptions& o, Said said) { return put(o.hdfs.is_negotiated, read_switch(text(said))); }},
    RunSetting{SettingSpec{"hdfs-ca-file", Kind::Value, hdfs_group, "FILE", "",
                           "certificates to trust, PEM, for webhdfs+https; those of the system if not set"},
               [](RunOptions& o, Said said) { return put_text(o.hdfs.ca_file, said); }},

    RunSetting{SettingSpec{"s3-endpoint", Kind::Value, s3_group, "URL", "",
                           "of a server of S3 that is not Amazon's: https://minio.example:9000", "AWS_ENDPOINT_URL",
                           "It is asked in path style ([s3.md](s3.md))"},
               [](RunOptions& o, Said said) { return put_text(o.s3.endpoint, said); }},
    RunSetting{SettingSpec{"s3-region", Kind::Value, s3_group, "REGION", "",
                           "of the bucket; found out by itself at Amazon, us-east-1 at another endpoint", "AWS_REGION"},
               [](RunOptions& o, Said said) { return put(o.s3.region, read_s3_region(text(said))); }},
    RunSetting{
        SettingSpec{"s3-access-key", Kind::Secret, s3_group, "KEY", "",
                    "id of the key for a lake in S3; the AWS SDK's usual places if not set", "AWS_ACCESS_KEY_ID"},
        [](RunOptions& o, Said said) { return put_secret(o.s3.keys.id, said); }},
    RunSetting{SettingSpec{"s3-secret-key", Kind::Secret, s3_group, "KEY", "", "that goes with the id",
                           "AWS_SECRET_ACCESS_KEY"},
               [](RunOptions& o, Said said) { return put_secret(o.s3.keys.secret, said); }},
    RunSetting{
        SettingSpec{"s3-session-token", Kind::Secret, s3_group, "TOKEN", "", "of temporary keys", "AWS_SESSION_TOKEN"},
        [](RunOptions& o, Said said) { return put_secret(o.s3.keys.token, said); }},
    RunSetting{SettingSpec{"s3-credentials-file", Kind::Value, s3_group, "FILE", "",
                           "or a file of keys, in the form of ~/.aws/credentials with one profile", "",
                           "Read at the start; only its owner should be able to read it ([s3.md](s3.md))"},
               [](RunOptions& o, Said said) { return put_text(o.s3_credentials_file, said); }},
    RunSetting{SettingSpec{"s3-ca-file", Kind::Value, s3_group, "FILE", "",
                           "certificates to trust, PEM; those of the system if not set"},
               [](RunOptions& o, Said said) { return put_text(o.s3.ca_file, said); }},
    RunSetting{SettingSpec{"hive", Kind::Value, hive_group, "URL", "",
                           "a metastore in which the lake's tables are made and their days registered: "
                           "thrift://HOST:9083; none if not set",
                           "",
                           "Several, as `thrift://hms1:9083,hms2:9083`: one that is dead moves to the next "
                           "([hive.md](hive.md))"},
               [](RunOptions& o, Said said) { return put(o.hive, read_hive(text(said))); }},
    RunSetting{SettingSpec{"hive-database", Kind::Value, hive_group, "NAME", "default",
                           "the database of the tables stock_trends and bars; made if it is missing"},
               [](RunOptions& o, Said said) { return put(o.hive_database, read_hive_name(text(said))); }},
    RunSetting{SettingSpec{"hive-location", Kind::Value, hive_group, "URI", "",
                           "under which Hive finds the lake, as hdfs://nameservice1/warehouse/tidemark; follows from "
                           "lake if not set",
                           "", "Of a lake in HDFS its NameNode is asked for `fs.defaultFS`"},
               [](RunOptions& o, Said said) { return put(o.hive_location, read_hive_location(text(said))); }},
    RunSetting{SettingSpec{"hive-timestamp", Kind::Value, hive_group, "bigint|timestamp", "bigint",
                           "what Hive is told of the bars' timestamp: microseconds since 1970, which every Hive reads, "
                           "or a TIMESTAMP, on which Hive 2.3 fails"},
               [](RunOptions& o, Said said) { return put(o.hive_timestamp, read_hive_time(text(said))); }},

    RunSetting{SettingSpec{"log", Kind::Value, kafka_group, "embedded|kafka|kafka://HOST:PORT,...", "embedded",
                           "where bars and trends stand: in the data directory, or in a Kafka cluster", "",
                           "`kafka` is the cluster at `kafka-broker`; [kafka.md](kafka.md)"},
               [](RunOptions&, Said) { return left_to_rules(); }},
    RunSetting{SettingSpec{"kafka-broker", Kind::Value, kafka_group, "HOST:PORT,...", "",
                           "the brokers, or some of them, if log does not name them", "KAFKA_BROKER",
                           "`run` uses them only with `log = \"kafka\"`; `ingest`, `analyze`, `store`, `serve` and "
                           "`topics` always do"},
               [](RunOptions&, Said) { return left_to_rules(); }},
    RunSetting{SettingSpec{"kafka-config", Kind::Value, kafka_group, "FILE", "",
                           "further properties of librdkafka, one NAME=VALUE a line: TLS, SASL", "",
                           "They override Tidemark's defaults; those that exactly-once depends on are refused"},
               [](RunOptions& o, Said said) { return put_text(o.kafka.config_file, said); }},
    RunSetting{
        SettingSpec{"kafka-partitions", Kind::Value, kafka_group, "N", "4",
                    "of topics that do not exist yet; at most so many analyze side by side"},
        [](RunOptions& o, Said said) { return put(o.kafka.partitions, read_whole_number(text(said), 1, 1'000)); }},
    RunSetting{
        SettingSpec{"kafka-replication", Kind::Value, kafka_group, "N", "",
                    "of topics that do not exist yet; the brokers' default if not set"},
        [](RunOptions& o, Said said) { return put(o.kafka.replication, read_whole_number(text(said), 1, 100)); }},
    RunSetting{SettingSpec{"topic-prefix", Kind::Value, kafka_group, "TEXT", "", "before every topic's name"},
               [](RunOptions& o, Said said) { return put(o.kafka.topic_prefix, read_kafka_word(text(said))); }},
    RunSetting{
        SettingSpec{"application", Kind::Value, kafka_group, "NAME", "tidemark",
                    "first word of consumer groups and transactional ids; another word is another, separate Tidemark"},
        [](RunOptions& o, Said said) { return put(o.kafka.application, read_kafka_word(text(said))); }},
    RunSetting{SettingSpec{"instance", Kind::Value, kafka_group, "NAME", "",
                           "of this process: if it comes back under this name within session-timeout, it gets its "
                           "partitions back at once"},
               [](RunOptions& o, Said said) { return put(o.kafka.instance, read_kafka_word(text(said))); }},
    RunSetting{
        SettingSpec{"operations-port", Kind::Value, kafka_group, "PORT", "",
                    "of /metrics, /healthz and /readyz of ingest, analyze and store, at address; none if not set"},
        [](RunOptions& o, Said said) {
          return put(o.kafka.operations_port, read_whole_number(text(said), 0, 65'535));
        }},
    RunSetting{
        SettingSpec{"session-timeout", Kind::Value, kafka_group, "TIME", "10s",
                    "a process that is silent for so long loses its partitions to others"},
        [](RunOptions& o, Said said) { return put(o.kafka.session_timeout, read_duration(text(said), 1s, 30min)); }},
    RunSetting{SettingSpec{"commit-interval", Kind::Value, kafka_group, "TIME", "100ms",
                           "between transactions of a partition: less means earlier results, more means less work", "",
                           "From `1ms` to `10s`"},
               [](RunOptions& o, Said said) { return put(o.kafka.commit_interval, read_commit_interval(text(said))); }},
    RunSetting{SettingSpec{"delivery", Kind::Value, kafka_group, "exactly-once|at-least-once", "exactly-once",
                           "at-least-once waits for no transaction; after a kill some trends are written twice"},
               [](RunOptions& o, Said said) { return put(o.kafka.delivery, read_delivery(text(said))); }},

    RunSetting{SettingSpec{"retry-delay", Kind::Value, operation_group, "TIME", "10s",
                           "first wait after an outside failure; doubled each time", "RETRY_DELAY"},
               [](RunOptions& o, Said said) { return put(o.retry_delay, read_duration(text(said), 1s, 1h)); }},
    RunSetting{SettingSpec{"max-retries", Kind::Value, operation_group, "N", "",
                           "give up after so many retries; 0 or not set: never", "MAX_RETRIES", "The exit code is 1"},
               [](RunOptions& o, Said said) { return put_retries(o, said); }},
    RunSetting{SettingSpec{"log-level", Kind::Value, operation_group, "LEVEL", "info", "debug, info, warning or error"},
               [](RunOptions& o, Said said) { return put(o.log_level, read_level(text(said))); }},
    RunSetting{SettingSpec{"log-format", Kind::Value, operation_group, "text|json", "text",
                           "of the journal on standard error"},
               [](RunOptions& o, Said said) { return put(o.log_format, read_journal_format(text(said))); }},
};

// "simulator|replay|…", and what the bars of each are.
SettingSpec with_feeds(SettingSpec spec) {
  static const auto texts = [] {
    std::string argument, help;
    for (const FeedSpec* feed : feeds()) {
      argument += (argument.empty() ? "" : "|") + std::string(feed->name);
      if (feed == &none_feed) continue;
      const bool is_last = feed == feeds()[feeds().size() - 2];
      help += (help.empty() ? "" : is_last ? ", or " : ", ") + std::string(feed->help);
    }
    help = fmt::format("where bars come from: {}; over Kafka {} unless set: {}", help, none_feed.name, none_feed.help);
    return std::pair(argument, help);
  }();
  spec.argument = texts.first;
  spec.help = texts.second;
  return spec;
}

// A feed's own settings follow those of all feeds.
std::vector<RunSetting> whole_table() {
  std::vector<RunSetting> all;
  for (const RunSetting& setting : table) {
    if (setting.spec.group != feed_group && !all.empty() && all.back().spec.group == feed_group)
      for (const FeedSpec* feed : feeds()) all.insert(all.end(), feed->settings.begin(), feed->settings.end());
    all.push_back(setting);
    if (setting.spec.name == "feed") all.back().spec = with_feeds(setting.spec);
  }
  return all;
}

}  // namespace

std::span<const RunTable> run_tables() {
  static constexpr std::array<RunTable, 0> kinds{};
  return kinds;
}

std::vector<TableSpec> table_specs(std::span<const RunTable> tables) {
  std::vector<TableSpec> all;
  for (const RunTable& kind : tables) all.push_back(kind.spec);
  return all;
}

std::span<const RunSetting> run_setting_table() {
  static const std::vector<RunSetting> all = whole_table();
  return all;
}

std::span<const SettingSpec> run_settings() {
  static const auto specs = [] {
    std::vector<SettingSpec> all;
    for (const RunSetting& setting : run_setting_table()) all.push_back(setting.spec);
    return all;
  }();
  return specs;
}

}  // namespace tidemark
