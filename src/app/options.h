// Options: what each verb is asked to do, one plain struct a verb.
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
#include <vector>

#include "core/stream/window_spec.h"
#include "core/time/table_time.h"
#include "core/time/time.h"
#include "core/transcribe/bar_format.h"
#include "core/wire/table_columns.h"
#include "io/alpaca/account.h"
#include "io/disk/posix_disk.h"
#include "io/net/secret.h"
#include "io/observe/journal.h"
#include "io/query/query.h"
#include "io/serve/questions.h"
#include "run/dead_letters.h"
#include "run/journal.h"
#include "run/retention_role.h"
#include "run/symbol_choice.h"

namespace tidemark {

// Which symbols the simulated market has: names, or how many of its own choice. Neither: its five defaults.
struct SymbolChoice {
  std::vector<std::string> names;
  std::optional<std::size_t> count;
};

// None: over Kafka others write the bars.
enum class FeedKind : std::uint8_t { Simulator, Replay, Stdin, Alpaca, None };
std::string_view to_string(FeedKind kind);  // "simulator" …

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
  FeedKind feed = FeedKind::Simulator;
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

  bool exit_at_end = false;                         // end with 0 when a bounded feed has ended and all is published
  unsigned lake_mode = usual_lake_mode;             // of files that are made in the lake
  Duration store_every = std::chrono::seconds(60);  // longest time a final trend waits for the lake
  std::optional<Duration> compact_after = std::chrono::hours(1);  // the end of a day its files become one; none = never

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

struct TrendsOptions {
  std::vector<std::string> files;  // read one after the other; "-" is standard input; none = standard input
  TranscribeOptions transcribe{.format = BarFormat::Auto};
  SortOptions sort;
  WindowSpec windows;
  bool updates = false;    // also the provisional rows
  bool keep_open = false;  // the end of the input does not close the windows that are still open
  bool stats = false;      // one line of JSON on standard error: the account
  std::size_t threads = 1;
  std::optional<std::filesystem::path> output;   // none: standard output
  std::optional<std::filesystem::path> late;     // where late bars go
  std::optional<std::filesystem::path> rejects;  // where records that are no bars go, with the reason
};

struct SimulateOptions {
  SymbolChoice symbols;
  std::uint64_t minutes = 120;  // market minutes
  std::uint64_t seed = 1;
  // Of the first minute; whole minutes. A Monday's opening in New York.
  EventTime start = std::chrono::sys_days{std::chrono::year{2026} / 1 / 5} + std::chrono::minutes(14 * 60 + 30);
  Duration shuffle{0};                          // a bar may leave its place by less than this much event time
  std::optional<std::filesystem::path> output;  // none: standard output
};

struct QueryOptions {
  std::string sql;  // one statement; "-": it is read from standard input
  std::filesystem::path data = "tidemark-data";
  QueryFormat format = QueryFormat::Table;
  bool wide = false;                     // a table may be wider than the terminal
  bool raw = false;                      // CSV has texts that look like formulas as they are
  std::optional<std::size_t> most_rows;  // none: all; on a terminal a table has 200
  std::uint64_t memory_bytes = 1'000'000'000;
  Duration timeout = std::chrono::seconds(60);
};

struct CompactVerbOptions {
  std::filesystem::path data = "tidemark-data";
  unsigned lake_mode = usual_lake_mode;
  std::optional<std::chrono::sys_days> day;  // none: every day that is over
  bool json = false;
};

enum class ImportFormat : std::uint8_t { Auto, JsonLines, Csv, Parquet, AlpacaPage, Alpaca, Polygon, Binance };
std::string_view to_string(ImportFormat format);  // "auto" …

enum class BarTime : std::uint8_t { Start, End };  // which end of its interval names a bar

struct ImportOptions {
  std::vector<std::string> files;  // at least one; "-" is standard input
  ImportFormat format = ImportFormat::Auto;
  std::vector<ColumnChoice> columns;
  TimeForm time;  // its zone and format
  bool zone_is_said = false;
  bool symbol_from_name = false;
  bool no_header = false;
  std::size_t skip_lines = 0;         // of CSV, before the header
  std::optional<NumberForm> numbers;  // of CSV; none: the rows tell
  int price_exponent = 0;             // prices are worth this power of ten
  bool says_columns() const {
    return !columns.empty() || zone_is_said || time.format || symbol_from_name || no_header || skip_lines > 0 ||
           numbers || price_exponent != 0;
  }
  BarTime bar_time = BarTime::Start;

  std::filesystem::path data = "tidemark-data";
  unsigned lake_mode = usual_lake_mode;
  WindowSpec windows;
  bool windows_are_said = false;                 // on the command line: then they go before those of the log
  std::optional<std::filesystem::path> rejects;  // none: beside the account, when there are any
  bool strict = false;
  double most_rejected = 0.01;       // of a file's rows; more let nothing in
  bool may_contradict = false;       // rows of a table, about the same bar
  bool overwrite_nulls = false;      // also by rows that only know less
  bool may_be_empty = false;         // an import that brings nothing is none that went wrong
  std::optional<std::string> feed;   // of rows that name none
  std::optional<Duration> interval;  // from one bar to the next; none: found from the data
  bool no_recompute = false;
  bool json = false;
  std::size_t threads = 2;
  std::string series;           // of pages of Alpaca: what their bars say in `feed`
  std::string verb = "import";  // for what is said to people
};

struct BackfillOptions {
  std::vector<std::string> symbols;  // sorted, each once; at least one
  std::chrono::sys_days from, to;    // both included
  std::string adjustment = "raw";
  AlpacaAccount account;
  std::filesystem::path data = "tidemark-data";
  unsigned lake_mode = usual_lake_mode;
  WindowSpec windows;
  bool windows_are_said = false;  // on the command line: then they go before those of the log
  bool no_recompute = false;
  bool json = false;
  std::size_t threads = 4;  // days wait for the disk more than they work
};

struct RecomputeVerbOptions {
  std::filesystem::path data = "tidemark-data";
  unsigned lake_mode = usual_lake_mode;
  std::chrono::sys_days from, to;  // both included
  WindowSpec windows;
  bool windows_are_said = false;  // on the command line: then they go before those of the log
  bool dry_run = false;
  bool json = false;
  std::size_t threads = 2;
};

struct RedriveVerbOptions {
  std::filesystem::path data = "tidemark-data";
  LetterChoice choice;                // of those that were not redriven
  bool again = false;                 // and of those that were
  std::optional<std::string> mended;  // a file of letters that somebody has mended, or "-": instead of the choice
  std::optional<std::filesystem::path> export_to;  // only write the chosen ones to a file, or "-"
  bool dry_run = false;
  bool json = false;
};

struct SymbolsVerbOptions {
  std::optional<SymbolChange> change;  // none: only say which they are
  bool json = false;
  RunOptions run;  // whose they are: its data directory, its feed and its settings
};

struct VerifyOptions {
  std::filesystem::path data = "tidemark-data";
  unsigned lake_mode = usual_lake_mode;
  std::optional<std::chrono::sys_days> day;  // of the lake only this one; none: all
  bool set_aside = false;                    // damaged files of the lake
  bool repair = false;                       // and publish again what the log holds; comes with set_aside
  bool deep = false;                         // the log's indexes, too
  bool without_log = false;                  // of a lake whose log is gone, only the lake
  bool json = false;
};

struct TopicsVerbOptions {
  bool json = false;
  std::string client;  // a client library whose users are told what to mind; empty: none
  RunOptions run;      // whose topics they are
};

struct TokenVerbOptions {
  enum class Action : std::uint8_t { Issue, Rotate, Revoke, List };
  Action action = Action::List;
  std::string file;
  std::string name;                           // of the one that is made, or revoked; may be empty for the first
  std::optional<Duration> valid;              // none: for ever
  Duration overlap = std::chrono::hours(24);  // how long those before stay valid when a new one is rotated in
  bool json = false;
};

struct BackupOptions {
  std::filesystem::path to;  // new or empty
  std::filesystem::path data = "tidemark-data";
  bool copy = false;         // files of the lake are copied even where a link would do
  bool without_log = false;  // of a lake whose log is gone, only the lake
};

struct RestoreOptions {
  std::filesystem::path from;
  std::filesystem::path data = "tidemark-data";  // new or empty
  unsigned lake_mode = usual_lake_mode;
  bool check = false;  // only look whether the backup is whole
};

}  // namespace tidemark
