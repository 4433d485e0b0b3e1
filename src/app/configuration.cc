#include "app/configuration.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <utility>

#include "app/token_watch.h"
#include "app/value_text.h"
#include "core/check.h"
#include "io/alpaca/server_url.h"
#include "io/config/effective.h"
#include "io/config/environment.h"
#include "io/config/toml_file.h"

namespace tidemark {
namespace {

using namespace std::chrono_literals;
using Kind = SettingKind;

constexpr std::string_view kafka_letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
constexpr std::string_view kafka_prefix = "kafka://";

constexpr std::array settings{
    SettingSpec{"feed", Kind::Value, feed_group, "simulator|replay|stdin|alpaca|none", "simulator",
                "a simulated market, recorded JSON lines, JSON lines as they come, or Alpaca's live bars; over Kafka "
                "none unless said: others write the bars"},
    SettingSpec{"files", Kind::List, feed_group, "FILE", "",
                "what replay plays, merged in time order; plain, gzip, Zstandard or ZIP"},
    SettingSpec{"format", Kind::Value, feed_group, "auto|jsonl|alpaca|polygon|binance", "auto",
                "who wrote the bars of replay and stdin: messages or answers of these; a file's first record tells"},
    SettingSpec{"symbol-from-name", Kind::Switch, feed_group, "", "false",
                "of lists that name nobody: the name of their file says whose they are, BTCUSDT.json"},
    SettingSpec{"sort", Kind::Switch, feed_group, "", "false",
                "replay in order of time, as for files that are sorted by symbol; reads all before the first bar"},
    SettingSpec{"sort-memory", Kind::Value, feed_group, "SIZE", "512MB",
                "beyond it sorting takes temporary files, in $TMPDIR or /var/tmp"},
    SettingSpec{
        "max-ahead", Kind::Value, feed_group, "TIME|off", "",
        "a bar so far ahead of this machine's clock is rejected; 1h for stdin, off for other feeds if not said"},
    SettingSpec{"speed", Kind::Value, feed_group, "X|max", "60",
                "market seconds per second: 1 is real time, 60 a market minute a second; simulator and replay"},
    SettingSpec{"symbols", Kind::List, feed_group, "A,B,...|N", "",
                "of the simulator or of Alpaca; or how many simulated ones; five well-known ones if not said",
                "SYMBOLS"},
    SettingSpec{"seed", Kind::Value, feed_group, "N", "1", "another number is another simulated market"},
    SettingSpec{"exit-at-end", Kind::Switch, feed_group, "", "false",
                "end with 0 when replay or stdin have ended and all is published"},

    SettingSpec{"alpaca-feed", Kind::Value, alpaca_group, "iex|sip|delayed_sip|test|crypto", "iex",
                "one exchange (the free plan), all, all fifteen minutes late, a made-up symbol, or crypto"},
    SettingSpec{"alpaca-api-key", Kind::Secret, alpaca_group, "KEY", "", "of an Alpaca account", "ALPACA_API_KEY"},
    SettingSpec{"alpaca-api-secret", Kind::Secret, alpaca_group, "SECRET", "", "that goes with the key",
                "ALPACA_API_SECRET"},
    SettingSpec{"alpaca-stream-url", Kind::Value, alpaca_group, "URL", "wss://stream.data.alpaca.markets",
                "where bars are streamed; ws://127.0.0.1:8060 is that of tidemark alpaca-server"},
    SettingSpec{"alpaca-data-url", Kind::Value, alpaca_group, "URL", "https://data.alpaca.markets",
                "where history is asked for; http://127.0.0.1:8060 is that of tidemark alpaca-server"},
    SettingSpec{"alpaca-ca-file", Kind::Value, alpaca_group, "FILE", "",
                "certificates to trust, PEM; those of the system if not said"},

    SettingSpec{"size", Kind::Value, window_group, "TIME", "5m", "length of a window"},
    SettingSpec{"slide", Kind::Value, window_group, "TIME", "1m", "a window begins every so often; divides size"},
    SettingSpec{"delay", Kind::Value, window_group, "TIME", "2m", "how long a window waits for bars out of order"},

    SettingSpec{"port", Kind::Value, page_group, "PORT", "8050", "of the page and the API; 0 takes any that is free"},
    SettingSpec{"address", Kind::Value, page_group, "ADDRESS", "127.0.0.1",
                "where to listen; beyond this machine only together with a token"},
    SettingSpec{"token-file", Kind::Value, page_group, "FILE", "",
                "tokens that page and API ask for, one a line, read again when it changes (or TIDEMARK_TOKEN)"},
    SettingSpec{"token", Kind::Secret, page_group, "TOKEN", "", "the token itself, at least 16 visible characters"},

    SettingSpec{"allow-query", Kind::Value, page_group, "loopback|always|never", "loopback",
                "SQL over the API: on this machine only, for everybody who has the token, for nobody"},
    SettingSpec{"query-timeout", Kind::Value, page_group, "TIME", "10s",
                "a question over the API that takes longer is stopped"},
    SettingSpec{"allow-changes", Kind::Value, page_group, "loopback|always|never", "never",
                "what changes the run over the API, as other symbols do: on this machine only, for everybody who has "
                "the token, for nobody; the owner of the data always may, by its control socket"},
    SettingSpec{"allowed-hosts", Kind::List, page_group, "NAME,...", "",
                "further names under which this server may be asked, as behind a proxy"},
    SettingSpec{"allowed-origins", Kind::List, page_group, "URL,...", "",
                "pages of other servers that may ask this one: https://desk.example"},
    SettingSpec{"clients-per-address", Kind::Value, page_group, "N", "",
                "connections that one client address may hold; 200 if not said, and any number from this machine"},

    SettingSpec{"console", Kind::Value, console_group, "table|json", "",
                "trends on standard output as they close: aligned for eyes, or the contract's lines of JSON"},
    SettingSpec{"updates", Kind::Switch, console_group, "", "false", "of the console: also windows that are open"},

    SettingSpec{"data", Kind::Value, storage_group, "DIR", "tidemark-data", "log and lake; made if it is not there"},
    SettingSpec{"lake-mode", Kind::Value, storage_group, "MODE", "0644",
                "octal mode of the lake's new files, whatever the umask; its folders get search rights to match; log, "
                "state and backups are the owner's alone"},
    SettingSpec{"store-every", Kind::Value, storage_group, "TIME", "60s",
                "longest time a final trend waits for the lake"},
    SettingSpec{"keep-log", Kind::Value, storage_group, "TIME", "7d",
                "the log forgets bars and trends that are older; the lake keeps them. Or: forever"},
    SettingSpec{"keep-log-size", Kind::Value, storage_group, "SIZE", "",
                "and earlier, while it is larger than this; as large as it gets if not said"},
    SettingSpec{"keep-rejects", Kind::Value, storage_group, "TIME", "90d",
                "the log forgets late bars and dead letters that are older. Or: forever"},
    SettingSpec{"compact-after", Kind::Value, storage_group, "TIME|never", "1h",
                "so long after its end (UTC) the files of a day become one"},

    SettingSpec{"log", Kind::Value, kafka_group, "embedded|kafka|kafka://HOST:PORT,...", "embedded",
                "where bars and trends stand: in the data directory, or in a Kafka cluster"},
    SettingSpec{"kafka-broker", Kind::Value, kafka_group, "HOST:PORT,...", "",
                "the brokers, or some of them, where log does not say them", "KAFKA_BROKER"},
    SettingSpec{"kafka-config", Kind::Value, kafka_group, "FILE", "",
                "further properties of librdkafka, one NAME=VALUE a line: TLS, SASL"},
    SettingSpec{"kafka-partitions", Kind::Value, kafka_group, "N", "4",
                "of topics that are not there yet; at most so many analyze side by side"},
    SettingSpec{"kafka-replication", Kind::Value, kafka_group, "N", "",
                "of topics that are not there yet; the brokers' default if not said"},
    SettingSpec{"topic-prefix", Kind::Value, kafka_group, "TEXT", "", "before every topic's name"},
    SettingSpec{"application", Kind::Value, kafka_group, "NAME", "tidemark",
                "first word of consumer groups and transactional ids; another one is another Tidemark"},
    SettingSpec{"instance", Kind::Value, kafka_group, "NAME", "",
                "of this process: back under it within session-timeout, it has its partitions back at once"},
    SettingSpec{"operations-port", Kind::Value, kafka_group, "PORT", "",
                "of /metrics, /healthz and /readyz of ingest, analyze and store, at address; none if not said"},
    SettingSpec{"session-timeout", Kind::Value, kafka_group, "TIME", "10s",
                "a process that was silent for so long loses its partitions to others"},
    SettingSpec{"commit-interval", Kind::Value, kafka_group, "TIME", "100ms",
                "between transactions of a partition: less is sooner, more is less work"},
    SettingSpec{"delivery", Kind::Value, kafka_group, "exactly-once|at-least-once", "exactly-once",
                "at-least-once waits for no transaction; after a kill some trends come twice"},

    SettingSpec{"retry-delay", Kind::Value, operation_group, "TIME", "10s",
                "first wait after an outside failure; doubled each time", "RETRY_DELAY"},
    SettingSpec{"max-retries", Kind::Value, operation_group, "N", "", "give up after so many; 0 or not said: never",
                "MAX_RETRIES"},
    SettingSpec{"log-level", Kind::Value, operation_group, "LEVEL", "info", "debug, info, warning or error"},
    SettingSpec{"log-format", Kind::Value, operation_group, "text|json", "text", "of the journal on standard error"},

};

// Reads the typed options out of the effective texts and collects what is wrong with them.
class Interpreter {
 public:
  explicit Interpreter(Configuration& configuration) : configuration_(configuration) {}

  void interpret() {
    RunOptions& options = configuration_.options;
    interpret_feed(options);
    interpret_alpaca(options);
    set("size", options.windows.size, read_window_size);
    set("slide", options.windows.slide, read_window_slide);
    set("delay", options.windows.delay, read_window_delay);
    if (auto sane = check_windows(options.windows); !sane) problem(sane.error().message());
    set("port", options.port, [](std::string_view text) { return read_whole_number(text, 0, 65'535); });
    interpret_access(options);
    set("console", options.console, read_console_format);
    set("updates", options.updates, read_switch);
    if (options.updates && !options.console)
      problem(fmt::format("updates: belongs to console, which is not said ({})", value("updates").origin));
    options.data = text("data");
    set("lake-mode", options.lake_mode, read_file_mode);
    set("store-every", options.store_every, [](std::string_view text) { return read_duration(text, 1s, 24h); });
    set("keep-log", options.retention.keep, read_keep);
    set("keep-log-size", options.retention.most_bytes, read_log_size);
    set("keep-rejects", options.retention.keep_rejects, read_keep);
    set("compact-after", options.compact_after, read_compact_after);
    interpret_kafka(options.kafka);
    interpret_missing_feed(options);
    set("retry-delay", options.retry_delay, [](std::string_view text) { return read_duration(text, 1s, 1h); });
    set("max-retries", options.max_retries,
        [](std::string_view text) { return read_whole_number(text, 0, 1'000'000); });
    if (options.max_retries == 0) options.max_retries.reset();
    set("log-level", options.log_level, read_level);
    set("log-format", options.log_format, read_journal_format);
  }

 private:
  void interpret_feed(RunOptions& options) {
    set("feed", options.feed, read_feed);
    options.files.assign(value("files").texts.begin(), value("files").texts.end());
    const bool feed_is_said = value("feed").origin != "default";
    if (!options.files.empty() && !feed_is_said) options.feed = FeedKind::Replay;
    if (options.feed == FeedKind::Replay && options.files.empty()) {
      problem("feed: replay needs a file to play; name one behind the options, or set files");
    }
    if (options.feed != FeedKind::Replay && !options.files.empty()) {
      problem(fmt::format("files: {} was given ({}), but the feed {} reads no files ({}); use feed replay",
                          options.files.front().string(), value("files").origin, to_string(options.feed),
                          value("feed").origin));
    }
    set("format", options.transcribe.format, read_bar_format);
    set("symbol-from-name", options.transcribe.symbol_from_name, read_switch);
    set("sort", options.sort.sort, read_switch);
    set("sort-memory", options.sort.memory_bytes, read_sort_memory);
    if (options.sort.sort && options.feed != FeedKind::Replay)
      problem(fmt::format("sort: only files can be sorted ({}), and the feed {} reads none", value("sort").origin,
                          to_string(options.feed)));
    // Replays and the simulator have clocks of their own, and Alpaca's heartbeats are a limit themselves.
    if (options.feed == FeedKind::Stdin) options.max_ahead = 1h;
    set("max-ahead", options.max_ahead, read_max_ahead);
    set("speed", options.speed, read_speed);
    if (const Assignment& symbols = value("symbols"); !symbols.texts.empty()) {
      take(symbols, options.symbols, read_symbols(symbols.texts));
    }
    set("seed", options.seed, [](std::string_view text) { return read_whole_number(text, 0, ~std::uint64_t{0}); });
    set("exit-at-end", options.exit_at_end, read_switch);
  }

  void interpret_alpaca(RunOptions& options) {
    AlpacaAccount& account = options.alpaca;
    set("alpaca-feed", account.feed, read_alpaca_feed);
    account.stream_url = text("alpaca-stream-url");
    account.data_url = text("alpaca-data-url");
    for (const auto& [name, url] :
         {std::pair("alpaca-stream-url", &account.stream_url), std::pair("alpaca-data-url", &account.data_url)})
      if (const auto server = parse_server_url(name, *url); !server)
        problem(fmt::format("{} ({})", server.error().message(), value(name).origin));
    account.ca_file = text("alpaca-ca-file");
    account.key = value("alpaca-api-key").secret;
    account.secret = value("alpaca-api-secret").secret;
    if (options.feed != FeedKind::Alpaca) return;
    if (account.key.empty() || account.secret.empty())
      problem(
          fmt::format("alpaca-api-{}: the feed alpaca needs it; set ALPACA_API_KEY and ALPACA_API_SECRET in the "
                      "environment or in .env (app.alpaca.markets gives them)",
                      account.key.empty() ? "key" : "secret"));
    if (options.symbols.count)
      problem(fmt::format("symbols: Alpaca's have names, not a number ({})", value("symbols").origin));
    if (std::ranges::find(options.symbols.names, "*") != options.symbols.names.end())
      problem(fmt::format("symbols: \"*\" is no symbol: gaps can only be filled for those that are named ({})",
                          value("symbols").origin));
    options.speed = 1.0;
  }

  void interpret_access(RunOptions& options) {
    options.address = text("address");
    set("allow-query", options.allow_query, read_allow);
    set("query-timeout", options.query_timeout, [](std::string_view text) { return read_duration(text, 1s, 1h); });
    set("allow-changes", options.allow_changes, read_allow);
    options.allowed_hosts = value("allowed-hosts").texts;
    options.allowed_origins = value("allowed-origins").texts;
    for (const std::string& origin : options.allowed_origins) {
      const std::size_t scheme = origin.find("://");
      if (scheme == origin.npos || origin.find('/', scheme + 3) != origin.npos)
        problem(fmt::format("allowed-origins: must be https://NAME or https://NAME:PORT, not \"{}\" ({})", origin,
                            value("allowed-origins").origin));
    }
    set("clients-per-address", options.clients_per_address,
        [](std::string_view text) { return read_whole_number(text, 1, 1'000'000); });
    options.token = value("token").secret;
    options.token_file = text("token-file");
    if (!options.token_file.empty()) {
      if (!options.token.empty()) {
        problem(fmt::format("token: said twice, in {} and by token-file ({}); keep one", value("token").origin,
                            value("token-file").origin));
      }
      if (const auto tokens = read_token_file(options.token_file); !tokens)
        problem(fmt::format("token-file: {} ({})", tokens.error().message(), value("token-file").origin));
    }
    if (!options.token.empty())
      if (const auto fault = fault_in_token(options.token.reveal()))
        problem(fmt::format("token: too weak; {}, as `openssl rand -hex 16` makes them", *fault));
    if (!is_loopback(options.address) && options.token.empty() && options.token_file.empty()) {
      problem(
          fmt::format("address: {} ({}) can be reached from other machines, so a token is needed; set token-file, "
                      "or use 127.0.0.1",
                      options.address, value("address").origin));
    }
  }

  void interpret_kafka(KafkaOptions& options) {
    const Assignment& log = value("log");
    const std::string where = log.texts.empty() ? "embedded" : log.texts.front();
    const bool needs_it = configuration_.part != Part::All && log.origin == "default";
    if (where == "kafka" || needs_it) {
      options.brokers = text("kafka-broker");
      if (options.brokers.empty() && needs_it)
        problem(fmt::format("log: {} works over Kafka; say where it is: --log kafka://HOST:PORT, or KAFKA_BROKER",
                            to_string(configuration_.part)));
      else if (options.brokers.empty())
        problem(fmt::format("log: kafka ({}) needs kafka-broker, or say kafka://HOST:PORT", log.origin));
    } else if (where.starts_with(kafka_prefix)) {
      options.brokers = where.substr(kafka_prefix.size());
    } else if (where != "embedded") {
      problem(fmt::format("log: must be embedded, kafka, or kafka://HOST:PORT, not \"{}\" ({})", where, log.origin));
    } else if (configuration_.part != Part::All) {
      problem(
          fmt::format("log: {} works over Kafka, not over an embedded log ({}); the whole in one process is: "
                      "tidemark run",
                      to_string(configuration_.part), log.origin));
    }
    if (!options.brokers.empty() && configuration_.options.exit_at_end && configuration_.part != Part::Ingest)
      problem(fmt::format("exit-at-end: over Kafka only ingest has an end ({})", value("exit-at-end").origin));
    options.config_file = text("kafka-config");
    set("kafka-partitions", options.partitions,
        [](std::string_view text) { return read_whole_number(text, 1, 1'000); });
    set("kafka-replication", options.replication,
        [](std::string_view text) { return read_whole_number(text, 1, 100); });
    for (const auto& [name, field] :
         {std::pair("topic-prefix", &options.topic_prefix), std::pair("application", &options.application),
          std::pair("instance", &options.instance)}) {
      *field = text(name);
      if (field->size() > 100 || field->find_first_not_of(kafka_letters) != std::string::npos)
        problem(fmt::format("{}: must be at most 100 letters, digits, dots, dashes and underscores, not \"{}\" ({})",
                            name, *field, value(name).origin));
    }
    if (options.application.empty()) problem("application: must not be empty; leave it out for tidemark");
    set("operations-port", options.operations_port,
        [](std::string_view text) { return read_whole_number(text, 0, 65'535); });
    set("session-timeout", options.session_timeout,
        [](std::string_view text) { return read_duration(text, 1s, 30min); });
    set("commit-interval", options.commit_interval, read_commit_interval);
    set("delivery", options.delivery, read_delivery);
  }

  // A market that nobody asked for must not be simulated into a topic that others use.
  void interpret_missing_feed(RunOptions& options) {
    const Assignment& feed = value("feed");
    if (options.kafka.brokers.empty()) {
      if (options.feed == FeedKind::None)
        problem(
            fmt::format("feed: none is for bars that others write, over Kafka (--log kafka://HOST:PORT); an "
                        "embedded log has no others ({})",
                        feed.origin));
      return;
    }
    if (feed.origin == "default" && options.feed == FeedKind::Simulator) {
      options.feed = FeedKind::None;
      std::ranges::find_if(configuration_.values, [](const Assignment& said) {
        return said.setting->name == "feed";
      })->texts = {"none"};
    }
    if (options.feed != FeedKind::None) return;
    if (configuration_.part == Part::Ingest)
      return problem(
          "feed: ingest brings a feed into the cluster; say which: --feed simulator, replay, stdin or alpaca");
    if (configuration_.part != Part::All) return;
    for (const auto* const name : {"max-ahead", "speed", "symbols", "seed"})
      if (value(name).origin.starts_with("--"))
        problem(fmt::format("{}: it is for a feed, and over Kafka there is none unless it is said: --feed simulator",
                            name));
  }

  static bool is_loopback(const std::string& address) {
    in_addr four{};
    if (inet_pton(AF_INET, address.c_str(), &four) == 1) return ntohl(four.s_addr) >> 24 == 127;
    return address == "localhost" || address == "::1";
  }

  const Assignment& value(std::string_view name) const {
    const auto found = std::ranges::find_if(configuration_.values,
                                            [&](const Assignment& value) { return value.setting->name == name; });
    CHECK(found != configuration_.values.end());
    return *found;
  }

  std::string text(std::string_view name) const {
    const auto& texts = value(name).texts;
    return texts.empty() ? std::string() : texts.front();
  }

  template <typename Field, typename Read>
  void set(std::string_view name, Field& field, Read read) {
    const Assignment& said = value(name);
    if (!said.texts.empty()) take(said, field, read(said.texts.front()));
  }

  template <typename Field, typename Read>
  void take(const Assignment& said, Field& field, Meaning<Read> meaning) {
    if (meaning) {
      field = static_cast<Field>(std::move(*meaning));
    } else {
      problem(fmt::format("{}: must be {}, not \"{}\" ({})", said.setting->name, meaning.error(), shown_value(said),
                          said.origin));
    }
  }

  void problem(std::string message) { configuration_.problems.push_back(Error::setup(std::move(message))); }

  Configuration& configuration_;
};

std::optional<std::filesystem::path> find_file(const ConfigurationSources& sources) {
  if (sources.file) return sources.file;
  constexpr std::string_view variable = "TIDEMARK_CONFIG=";
  for (const std::string_view said : sources.environment) {
    if (said.starts_with(variable) && said.size() > variable.size()) return said.substr(variable.size());
  }
  auto usual = sources.folder / "tidemark.toml";
  std::error_code ignored;
  if (std::filesystem::exists(usual, ignored)) return usual;
  return std::nullopt;
}

}  // namespace

std::span<const SettingSpec> run_settings() { return settings; }

Configuration configure(const ConfigurationSources& sources) {
  Configuration configuration;
  std::vector<std::vector<Assignment>> layers{sources.flags};
  const auto add = [&](SettingsRead read) {
    layers.push_back(std::move(read.assignments));
    std::ranges::move(read.problems, std::back_inserter(configuration.problems));
  };
  add(read_environment(sources.environment, settings));
  add(read_env_file(sources.folder / ".env", settings));
  std::error_code ignored;
  configuration.has_env_file = std::filesystem::exists(sources.folder / ".env", ignored);
  configuration.file = find_file(sources);
  if (configuration.file) add(read_toml_file(*configuration.file, settings));

  configuration.part = sources.part;
  configuration.values = effective_values(settings, layers);
  Interpreter(configuration).interpret();
  return configuration;
}

std::string shown_value(const Assignment& value) {
  if (value.setting->kind == SettingKind::Secret) return std::string(format_as(value.secret));
  return fmt::format("{}", fmt::join(value.texts, ","));
}

}  // namespace tidemark
