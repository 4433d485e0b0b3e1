#include "app/config/rules.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "app/config/feed_spec.h"
#include "app/config/run_options.h"
#include "app/config/token_watch.h"
#include "app/config/value_text.h"
#include "core/check.h"
#include "io/config/setting.h"
#include "io/net/server_url.h"
#include "io/s3/credentials_file.h"

namespace tidemark {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kafka_prefix = "kafka://";

bool is_loopback(const std::string& address) {
  in_addr four{};
  if (inet_pton(AF_INET, address.c_str(), &four) == 1) return ntohl(four.s_addr) >> 24 == 127;
  return address == "localhost" || address == "::1";
}

class Rules {
 public:
  explicit Rules(Configuration& configuration) : configuration_(configuration), options_(configuration.options) {}

  void apply() {
    apply_to_feed();
    for (const FeedSpec* feed : feeds())
      if (feed->check_settings != nullptr) feed->check_settings(configuration_);
    if (auto sane = check_windows(options_.windows); !sane) problem(sane.error().message());
    apply_to_access();
    if (options_.updates && !options_.console)
      problem(fmt::format("updates: belongs to console, which is not said ({})", value("updates").origin));
    apply_to_s3();
    apply_to_kafka();
    apply_to_missing_feed();
  }

 private:
  void apply_to_feed() {
    if (!options_.files.empty() && value("feed").origin == "default") options_.feed = &reader_of_files();
    const FeedSpec& feed = *options_.feed;
    if (feed.reads_files && options_.files.empty())
      problem(fmt::format("feed: {} needs a file to play; name one behind the options, or set files", feed.name));
    if (!feed.reads_files && !options_.files.empty())
      problem(fmt::format("files: {} was given ({}), but the feed {} reads no files ({}); use feed {}",
                          options_.files.front().string(), value("files").origin, feed.name, value("feed").origin,
                          reader_of_files().name));
    if (options_.sort.sort && !feed.reads_files)
      problem(fmt::format("sort: only files can be sorted ({}), and the feed {} reads none", value("sort").origin,
                          feed.name));
    if (value("max-ahead").texts.empty()) options_.max_ahead = feed.max_ahead;
    if (feed.is_live) options_.speed = 1.0;
  }

  static const FeedSpec& reader_of_files() {
    const auto found = std::ranges::find_if(feeds(), &FeedSpec::reads_files);
    CHECK(found != feeds().end());
    return **found;
  }

  void apply_to_access() {
    for (const std::string& origin : options_.allowed_origins) {
      const std::size_t scheme = origin.find("://");
      if (scheme == origin.npos || origin.find('/', scheme + 3) != origin.npos)
        problem(fmt::format("allowed-origins: must be https://NAME or https://NAME:PORT, not \"{}\" ({})", origin,
                            value("allowed-origins").origin));
    }
    if (!options_.token_file.empty()) {
      if (!options_.token.empty())
        problem(fmt::format("token: said twice, in {} and by token-file ({}); keep one", value("token").origin,
                            value("token-file").origin));
      if (const auto tokens = read_token_file(options_.token_file); !tokens)
        problem(fmt::format("token-file: {} ({})", tokens.error().message(), value("token-file").origin));
    }
    if (!options_.token.empty())
      if (const auto fault = fault_in_token(options_.token.reveal()))
        problem(fmt::format("token: too weak; {}, as `openssl rand -hex 16` makes them", *fault));
    if (!is_loopback(options_.address) && options_.token.empty() && options_.token_file.empty())
      problem(
          fmt::format("address: {} ({}) can be reached from other machines, so a token is needed; set token-file, "
                      "or use 127.0.0.1",
                      options_.address, value("address").origin));
  }

  void apply_to_s3() {
    S3Access& s3 = options_.s3;
    if (!s3.endpoint.empty()) {
      while (s3.endpoint.ends_with('/')) s3.endpoint.pop_back();
      const auto server = parse_server_url("s3-endpoint", s3.endpoint);
      if (!server || !s3.endpoint.starts_with("http") || !server->path.empty())
        problem(fmt::format("s3-endpoint: must be https://HOST or http://HOST:PORT, not \"{}\" ({})", s3.endpoint,
                            value("s3-endpoint").origin));
    }
    if (!options_.s3_credentials_file.empty()) {
      if (!s3.keys.id.empty())
        problem(fmt::format("s3-access-key: said twice, in {} and by s3-credentials-file ({}); keep one",
                            value("s3-access-key").origin, value("s3-credentials-file").origin));
      else if (auto keys = read_credentials_file(options_.s3_credentials_file))
        s3.keys = *std::move(keys);
      else
        problem(
            fmt::format("s3-credentials-file: {} ({})", keys.error().message(), value("s3-credentials-file").origin));
    } else if (options_.remote_lake && std::holds_alternative<S3Url>(*options_.remote_lake) &&
               s3.keys.id.empty() != s3.keys.secret.empty()) {
      const std::string_view missing = s3.keys.id.empty() ? "s3-access-key" : "s3-secret-key";
      problem(fmt::format("{}: a key for S3 has two parts; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or neither",
                          missing));
    }
  }

  void apply_to_kafka() {
    const Assignment& log = value("log");
    const std::string where = text("log", "embedded");
    const bool needs_it = configuration_.part != Part::All && log.origin == "default";
    std::string& brokers = options_.kafka.brokers;
    if (where == "kafka" || needs_it) {
      brokers = text("kafka-broker", "");
      if (brokers.empty() && needs_it)
        problem(fmt::format("log: {} works over Kafka; say where it is: --log kafka://HOST:PORT, or KAFKA_BROKER",
                            to_string(configuration_.part)));
      else if (brokers.empty())
        problem(fmt::format("log: kafka ({}) needs kafka-broker, or say kafka://HOST:PORT", log.origin));
    } else if (where.starts_with(kafka_prefix)) {
      brokers = where.substr(kafka_prefix.size());
    } else if (where != "embedded") {
      problem(fmt::format("log: must be embedded, kafka, or kafka://HOST:PORT, not \"{}\" ({})", where, log.origin));
    } else if (configuration_.part != Part::All) {
      problem(
          fmt::format("log: {} works over Kafka, not over an embedded log ({}); the whole in one process is: "
                      "tidemark run",
                      to_string(configuration_.part), log.origin));
    }
    if (!brokers.empty() && options_.exit_at_end && configuration_.part != Part::Ingest)
      problem(fmt::format("exit-at-end: over Kafka only ingest has an end ({})", value("exit-at-end").origin));
    if (options_.kafka.application.empty()) problem("application: must not be empty; leave it out for tidemark");
  }

  // A market that nobody asked for must not be simulated into a topic that others use.
  void apply_to_missing_feed() {
    const Assignment& feed = value("feed");
    if (options_.kafka.brokers.empty()) {
      if (options_.feed == &none_feed)
        problem(
            fmt::format("feed: none is for bars that others write, over Kafka (--log kafka://HOST:PORT); an "
                        "embedded log has no others ({})",
                        feed.origin));
      return;
    }
    if (feed.origin == "default" && options_.feed == &simulator_feed) {
      options_.feed = &none_feed;
      std::ranges::find_if(configuration_.values, [](const Assignment& said) {
        return said.setting->name == "feed";
      })->texts = {"none"};
    }
    if (options_.feed != &none_feed) return;
    if (configuration_.part == Part::Ingest)
      return problem(
          fmt::format("feed: ingest brings a feed into the cluster; say which: --feed {}", feed_choices(WithNone::No)));
    if (configuration_.part != Part::All) return;
    for (const auto* const name : {"max-ahead", "speed", "symbols", "seed"})
      if (value(name).origin.starts_with("--"))
        problem(fmt::format("{}: it is for a feed, and over Kafka there is none unless it is said: --feed simulator",
                            name));
  }

  const Assignment& value(std::string_view name) const { return value_of(configuration_, name); }
  std::string text(std::string_view name, std::string otherwise) const {
    const auto& texts = value(name).texts;
    return texts.empty() ? std::move(otherwise) : texts.front();
  }
  void problem(std::string message) { configuration_.problems.push_back(Error::setup(std::move(message))); }

  Configuration& configuration_;
  RunOptions& options_;
};

}  // namespace

void apply_rules(Configuration& configuration) { Rules(configuration).apply(); }

}  // namespace tidemark
