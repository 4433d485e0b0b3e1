// RunOptions: what `tidemark run` and its parts are asked to do; and what several verbs are asked.
//
// Command line and configuration fill them in and judge them (sane limits, things that exclude one
// another); a verb may believe what it is given. Defaults stand here and nowhere else.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/config/lake_address.h"
#include "core/stream/window_spec.h"
#include "core/time/table_time.h"
#include "core/time/time.h"
#include "core/transcribe/bar_format.h"
#include "core/wire/table_columns.h"
#include "io/alpaca/account.h"
#include "io/disk/posix_disk.h"
#include "io/hdfs/hdfs_access.h"
#include "io/hive/hive_tables.h"
#include "io/hive/hive_url.h"
#include "io/net/secret.h"
#include "io/observe/journal.h"
#include "io/parquet/column_file.h"
#include "io/query/query.h"
#include "io/s3/s3_access.h"
#include "io/serve/questions.h"
#include "run/dead_letters/dead_letters.h"
#include "run/interfaces/journal.h"
#include "run/live_feed/symbol_choice.h"
#include "run/roles/retention_role.h"

namespace tidemark {

// Which symbols the simulated market has: names, or how many of its own choice. Neither: its five defaults.
struct SymbolChoice {
  std::vector<std::string> names;
  std::optional<std::size_t> count;
};

struct FeedSpec;  // app/config/feed_spec.h
extern const FeedSpec simulator_feed;

// What a process does of the whole; over Kafka there are any number of each.
enum class Part : std::uint8_t { All, Ingest, Analyze, Store, Serve };
std::string_view to_string(Part part);  // the verb: "run", "ingest" …

enum class Delivery : std::uint8_t { ExactlyOnce, AtLeastOnce };
std::string_view to_string(Delivery delivery);  // "exactly-once" …

// The log in a Kafka cluster (docs/kafka.md).
struct KafkaOptions {
  std::string brokers;                                  // "host:9092,host:9092"; empty: the log is embedded
  std::string config_file;                              // librdkafka's properties: TLS, SASL; empty: none
  std::uint64_t partitions = 4;                         // of topics that are made
  std::optional<std::uint64_t> replication;             // of topics that are made; none = the brokers' default
  std::string topic_prefix;                             // before every topic's name
  std::string application = "tidemark";                 // first word of groups and transactional ids
  std::optional<std::uint16_t> operations_port;         // of a process without a page; none: nothing listens
  std::string instance;                                 // static membership; empty: none
  Duration session_timeout = std::chrono::seconds(10);  // silent for so long, a worker loses its partitions
  Duration commit_interval = std::chrono::milliseconds(100);
  Delivery delivery = Delivery::ExactlyOnce;
};

// In order of time, whatever the order in the files (contract/semantics.md §7.5).
struct SortOptions {
  bool sort = false;
  std::uint64_t memory_bytes = 512'000'000;  // beyond it, temporary files are merged
};

enum class ConsoleFormat : std::uint8_t { Table, Json };

struct RunOptions {
  const FeedSpec* feed = &simulator_feed;
  std::vector<std::filesystem::path> files;                 // replay only, at least one
  TranscribeOptions transcribe{.format = BarFormat::Auto};  // replay and stdin
  SortOptions sort;                                         // replay only
  Duration max_ahead{};                                     // of a bar before its append; 0: any distance
  std::filesystem::path data = "tidemark-data";

  // The page and the API. An address that is not loopback comes only together with a token.
  std::string address = "127.0.0.1";
  std::uint16_t port = 8050;  // 0: any free one, which the journal tells
  Allow allow_query = Allow::Loopback;
  Duration query_timeout = std::chrono::seconds(10);  // of a question over the API
  Allow allow_changes = Allow::Never;                 // by the port; the control socket may
  Secret token;                                       // set by itself: at least 16 visible characters
  std::string token_file;                             // or a file of them; neither: none is asked for

  std::vector<std::string> allowed_hosts;            // further names of this server
  std::vector<std::string> allowed_origins;          // further pages that may ask: "https://desk.example"
  std::optional<std::uint64_t> clients_per_address;  // none: the server's own limit

  SymbolChoice symbols;                // simulator and Alpaca
  std::uint64_t seed = 1;              // simulator only
  std::optional<double> speed = 60.0;  // market seconds per wall second; none = as fast as it goes
  AlpacaAccount alpaca;
  WindowSpec windows;

  std::optional<LakeAddress> remote_lake;  // none: the lake is in the data directory
  HdfsSecurity hdfs;                       // of a lake in HDFS
  S3Access s3;                             // of a lake there
  std::string s3_credentials_file;         // the keys of s3, if said there
  PageCompression lake_codec = PageCompression::Zstd;
  unsigned lake_mode = usual_lake_mode;             // of files that are made in the lake
  std::uint64_t lake_cache_bytes = 10'000'000'000;  // most of the copies of a lake that lies elsewhere
  bool exit_at_end = false;                         // end with 0 when a bounded feed has ended and all is published
  Duration store_every = std::chrono::seconds(60);  // longest time a final trend waits for the lake
  std::optional<Duration> compact_after = std::chrono::hours(1);  // the end of a day its files become one; none = never

  std::optional<HiveUrl> hive;  // the metastore in which the lake's tables are registered; none: in none
  std::string hive_database = "default";
  std::string hive_location;  // the lake's URI for Hive; empty: from the place of the lake
  HiveTime hive_timestamp = HiveTime::Bigint;

  RetentionOptions retention;  // how long the log keeps what came
  KafkaOptions kafka;

  // After an outside failure: the first wait (doubled each time, with jitter), and how often to try before
  // giving up with exit code 1; none = for ever.
  Duration retry_delay = std::chrono::seconds(10);
  std::optional<std::uint64_t> max_retries;

  std::optional<ConsoleFormat> console;  // trends on standard output, too; none: nothing is written there
  bool updates = false;                  // and not only finals

  Level log_level = Level::Info;
  JournalFormat log_format = JournalFormat::Text;
};

enum class ImportFormat : std::uint8_t { Auto, JsonLines, Csv, Parquet, AlpacaPage, Alpaca, Polygon, Binance };
std::string_view to_string(ImportFormat format);  // "auto" …

enum class BarTime : std::uint8_t { Start, End };  // which end of its interval names a bar

}  // namespace tidemark
