// Who wins, what it comes to, and which sentence a wrong setting gets.
#include "app/config/configuration.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "app/config/feed_spec.h"
#include "app/config/run_options.h"
#include "app/verbs.h"
#include "core/stream/window_spec.h"
#include "io/config/setting.h"
#include "io/disk/temporary_folder_test.h"

namespace tidemark {
namespace {

using namespace std::chrono_literals;

class ConfigurationTest : public ::testing::Test {
 protected:
  void write(const std::string& name, std::string_view text) { std::ofstream(folder_ / name) << text; }

  // As `tidemark run WORDS`, with these variables, in the test's folder.
  Configuration run(std::vector<std::string> words, std::vector<std::string_view> environment = {}) {
    words.insert(words.begin(), "run");
    auto command = parse_command_line(words);
    EXPECT_TRUE(command.has_value()) << command.error().message();
    const auto& request = *command->as<RunRequest>();
    return configure(
        {.flags = request.flags, .file = request.config, .environment = std::move(environment), .folder = folder_});
  }

  std::string only_problem(std::vector<std::string> words, std::vector<std::string_view> environment = {}) {
    const auto configuration = run(std::move(words), std::move(environment));
    EXPECT_EQ(configuration.problems.size(), 1u);
    return configuration.problems.empty() ? "" : configuration.problems[0].message();
  }

  std::string origin_of(const Configuration& configuration, std::string_view name) {
    for (const Assignment& value : configuration.values) {
      if (value.setting->name == name) return value.origin;
    }
    return "";
  }

  const TemporaryFolder own_;
  const std::filesystem::path folder_ = own_.path();
};

// The help tells defaults as text, options.h has them as values.
TEST_F(ConfigurationTest, DefaultsInTheTableAreThoseOfTheOptions) {
  const auto configuration = run({});
  ASSERT_TRUE(configuration.problems.empty());
  const RunOptions& got = configuration.options;
  const RunOptions want;
  EXPECT_EQ(got.feed, want.feed);
  EXPECT_EQ(got.files, want.files);
  EXPECT_EQ(got.data, want.data);
  EXPECT_EQ(got.address, want.address);
  EXPECT_EQ(got.port, want.port);
  EXPECT_TRUE(got.token.empty());
  EXPECT_TRUE(got.symbols.names.empty() && !got.symbols.count);
  EXPECT_EQ(got.seed, want.seed);
  EXPECT_EQ(got.speed, want.speed);
  EXPECT_EQ(got.windows, want.windows);
  EXPECT_EQ(got.exit_at_end, want.exit_at_end);
  EXPECT_EQ(got.store_every, want.store_every);
  EXPECT_EQ(got.compact_after, want.compact_after);
  EXPECT_EQ(got.retry_delay, want.retry_delay);
  EXPECT_EQ(got.max_retries, want.max_retries);
  EXPECT_EQ(got.log_level, want.log_level);
  EXPECT_EQ(got.log_format, want.log_format);
  for (const Assignment& value : configuration.values) EXPECT_EQ(value.origin, "default") << value.setting->name;
}

// One voice after the other falls silent, from the strongest to the weakest.
TEST_F(ConfigurationTest, FlagsThenEnvironmentThenEnvFileThenTomlThenDefault) {
  write("tidemark.toml", "port = 1004\n");
  write(".env", "TIDEMARK_PORT=1003\n");

  auto configuration = run({"--port", "1001"}, {"TIDEMARK_PORT=1002"});
  EXPECT_EQ(configuration.options.port, 1001);
  EXPECT_EQ(origin_of(configuration, "port"), "--port");

  configuration = run({}, {"TIDEMARK_PORT=1002"});
  EXPECT_EQ(configuration.options.port, 1002);
  EXPECT_EQ(origin_of(configuration, "port"), "TIDEMARK_PORT");

  configuration = run({});
  EXPECT_EQ(configuration.options.port, 1003);
  EXPECT_EQ(origin_of(configuration, "port"), ".env:1 (TIDEMARK_PORT)");

  std::filesystem::remove(folder_ / ".env");
  configuration = run({});
  EXPECT_EQ(configuration.options.port, 1004);
  EXPECT_EQ(origin_of(configuration, "port"), "tidemark.toml:1");

  std::filesystem::remove(folder_ / "tidemark.toml");
  configuration = run({});
  EXPECT_EQ(configuration.options.port, 8050);
  EXPECT_EQ(origin_of(configuration, "port"), "default");
}

TEST_F(ConfigurationTest, FileIsTheFlagsThenTheEnvironmentsThenTheUsual) {
  write("tidemark.toml", "port = 1\n");
  write("a.toml", "port = 2\n");
  write("b.toml", "port = 3\n");
  const std::string a = (folder_ / "a.toml").string(), b = "TIDEMARK_CONFIG=" + (folder_ / "b.toml").string();
  EXPECT_EQ(run({"--config", a}, {b}).options.port, 2);
  EXPECT_EQ(run({}, {b}).options.port, 3);
  EXPECT_EQ(run({}).options.port, 1);
}

TEST_F(ConfigurationTest, EveryFlagArrives) {
  const auto configuration = run({"--feed",
                                  "simulator",
                                  "--data",
                                  "d",
                                  "--port=0",
                                  "--address",
                                  "::1",
                                  "--symbols",
                                  "AAPL,MSFT",
                                  "--speed",
                                  "max",
                                  "--seed",
                                  "7",
                                  "--size",
                                  "10m",
                                  "--slide",
                                  "30s",
                                  "--delay",
                                  "0s",
                                  "--exit-at-end",
                                  "--query-timeout",
                                  "3s",
                                  "--store-every",
                                  "5s",
                                  "--keep-log",
                                  "12h",
                                  "--keep-log-size",
                                  "2GB",
                                  "--keep-rejects",
                                  "forever",
                                  "--compact-after",
                                  "never",
                                  "--retry-delay",
                                  "2s",
                                  "--max-retries",
                                  "3",
                                  "--log-level",
                                  "debug",
                                  "--log-format",
                                  "json"});
  ASSERT_TRUE(configuration.problems.empty()) << configuration.problems[0].message();
  const RunOptions& options = configuration.options;
  EXPECT_EQ(options.data, "d");
  EXPECT_EQ(options.port, 0);
  EXPECT_EQ(options.address, "::1");
  EXPECT_EQ(options.symbols.names, (std::vector<std::string>{"AAPL", "MSFT"}));
  EXPECT_EQ(options.speed, std::nullopt);
  EXPECT_EQ(options.seed, 7u);
  EXPECT_EQ(options.windows, (WindowSpec{.size = 10min, .slide = 30s, .delay = 0s}));
  EXPECT_TRUE(options.exit_at_end);
  EXPECT_EQ(options.query_timeout, 3s);
  EXPECT_EQ(options.store_every, 5s);
  EXPECT_EQ(options.retention.keep, 12h);
  EXPECT_EQ(options.retention.most_bytes, 2'000'000'000u);
  EXPECT_EQ(options.retention.keep_rejects, std::nullopt);
  EXPECT_EQ(options.compact_after, std::nullopt);
  EXPECT_EQ(options.retry_delay, 2s);
  EXPECT_EQ(options.max_retries, 3u);
  EXPECT_EQ(options.log_level, Level::Debug);
  EXPECT_EQ(options.log_format, JournalFormat::Json);
}

TEST_F(ConfigurationTest, NamesPeopleHaveAlready) {
  const auto configuration = run({}, {"SYMBOLS=AAPL,TSLA", "RETRY_DELAY=10", "MAX_RETRIES=5",
                                      "KAFKA_BROKER=kafka:29092", "ALPACA_API_KEY=PKABCDEF", "ALPACA_API_SECRET=shhh"});
  ASSERT_TRUE(configuration.problems.empty());
  EXPECT_EQ(configuration.options.symbols.names, (std::vector<std::string>{"AAPL", "TSLA"}));
  EXPECT_EQ(configuration.options.retry_delay, 10s);
  EXPECT_EQ(configuration.options.max_retries, 5u);
  EXPECT_EQ(origin_of(configuration, "kafka-broker"), "KAFKA_BROKER");
  EXPECT_EQ(origin_of(configuration, "alpaca-api-key"), "ALPACA_API_KEY");
}

TEST_F(ConfigurationTest, FilesAloneMeanReplay) {
  const auto configuration = run({"a.jsonl", "b.jsonl.gz"});
  ASSERT_TRUE(configuration.problems.empty());
  EXPECT_EQ(configuration.options.feed->name, "replay");
  EXPECT_EQ(configuration.options.files, (std::vector<std::filesystem::path>{"a.jsonl", "b.jsonl.gz"}));
}

TEST_F(ConfigurationTest, OverKafkaThereIsNoFeedUnlessItIsSaid) {
  const std::string kafka = "kafka://localhost:9092";
  EXPECT_EQ(run({"--log", kafka}).options.feed, &none_feed);
  EXPECT_EQ(run({"--log", kafka}).problems.size(), 0u);
  EXPECT_EQ(run({"--log", kafka}, {"SYMBOLS=AAPL,TSLA"}).problems.size(), 0u) << "other programs read that, too";
  EXPECT_EQ(run({"--log", kafka, "--feed", "simulator", "--symbols", "7"}).options.feed, &simulator_feed);
  EXPECT_EQ(run({"--log", kafka}, {"TIDEMARK_FEED=simulator"}).options.feed, &simulator_feed);
  EXPECT_EQ(run({"--log", kafka, "day.jsonl"}).options.feed->name, "replay");
  EXPECT_EQ(run({}).options.feed, &simulator_feed);
  EXPECT_EQ(only_problem({"--log", kafka, "--symbols", "AAPL"}),
            "symbols: it is for a feed, and over Kafka there is none unless it is said: --feed simulator");
  EXPECT_TRUE(only_problem({"--feed", "none"}).starts_with("feed: none is for bars that others write, over Kafka"));
}

TEST_F(ConfigurationTest, IngestIsToldWhichFeedItBrings) {
  const auto ingest = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {"ingest", "--log", "kafka://localhost:9092"});
    auto command = parse_command_line(words);
    const auto& request = *command->as<RunRequest>();
    return configure({.flags = request.flags, .environment = {}, .folder = folder_, .part = request.part});
  };
  const auto without = ingest({});
  ASSERT_EQ(without.problems.size(), 1u);
  EXPECT_EQ(without.problems[0].message(),
            "feed: ingest brings a feed into the cluster; say which: --feed simulator, replay, stdin or alpaca");
  EXPECT_EQ(ingest({"--feed", "none"}).problems.size(), 1u);
  EXPECT_EQ(ingest({"--feed", "simulator", "--symbols", "7"}).problems.size(), 0u);
  EXPECT_EQ(ingest({"day.jsonl"}).options.feed->name, "replay");
}

TEST_F(ConfigurationTest, FeedAndFilesMustAgree) {
  EXPECT_EQ(only_problem({"--feed", "replay"}),
            "feed: replay needs a file to play; name one behind the options, or set files");
  EXPECT_TRUE(only_problem({"--feed", "stdin", "a.jsonl"}).starts_with("files: a.jsonl was given (command line)"));
}

TEST_F(ConfigurationTest, OnlyALiveFeedWithoutHeartbeatsHasALimitByItself) {
  EXPECT_EQ(run({"--feed", "stdin"}).options.max_ahead, 1h);
  EXPECT_EQ(run({}).options.max_ahead, 0s);
  EXPECT_EQ(run({"a.jsonl"}).options.max_ahead, 0s);
  EXPECT_EQ(run({"--feed", "stdin", "--max-ahead", "off"}).options.max_ahead, 0s);
  EXPECT_EQ(run({"--feed", "stdin", "--max-ahead", "90s"}).options.max_ahead, 90s);
  EXPECT_EQ(run({"a.jsonl", "--max-ahead", "1d"}).options.max_ahead, 24h);
  for (const char* wrong : {"0s", "500ms", "never"})
    EXPECT_TRUE(only_problem({"--max-ahead", wrong}).starts_with("max-ahead: must be a time from 1s to")) << wrong;
}

TEST_F(ConfigurationTest, SymbolsAreNamesOrACount) {
  EXPECT_EQ(run({"--symbols", "1000"}).options.symbols.count, 1000u);
  EXPECT_EQ(run({"--symbols", "A1"}).options.symbols.names, std::vector<std::string>{"A1"});
  for (const char* wrong : {"0", "AAPL,AAPL", "AAPL,,MSFT", "1000001", "a b"}) {
    EXPECT_TRUE(only_problem({"--symbols", wrong}).starts_with("symbols: must be names like AAPL,MSFT")) << wrong;
  }
}

TEST_F(ConfigurationTest, WrongValuesNameTheSettingTheCureAndTheOrigin) {
  EXPECT_EQ(only_problem({"--port", "65536"}), "port: must be a whole number from 0 to 65535, not \"65536\" (--port)");
  EXPECT_EQ(only_problem({}, {"TIDEMARK_LOG_LEVEL=loud"}),
            "log-level: must be debug, info, warning or error, not \"loud\" (TIDEMARK_LOG_LEVEL)");
  for (const char* wrong : {"0", "-1", "nan", "inf", "fast", "60x"}) {
    EXPECT_TRUE(only_problem({"--speed=" + std::string(wrong)}).starts_with("speed: must be market seconds")) << wrong;
  }
}

TEST_F(ConfigurationTest, WindowRules) {
  EXPECT_EQ(only_problem({"--size", "5m", "--slide", "2m"}),
            "size must be a multiple of slide, but 5m is none of 2m; size 4m would be");
  EXPECT_EQ(only_problem({"--size", "1m", "--slide", "2m"}),
            "size must be a multiple of slide, but 1m is none of 2m; size 2m would be");
  EXPECT_TRUE(only_problem({"--slide", "0s"}).starts_with("slide: must be a time from 1s to"));
  EXPECT_TRUE(only_problem({"--size", "500ms"}).starts_with("size: must be a time from 1s to"));
  EXPECT_TRUE(only_problem({"--delay=-1m"}).starts_with("delay: must be a time from 0s to"));
  // 90 days / 1 min = 129,600 windows a bar; 90 days / 1,440 = 90 min.
  EXPECT_TRUE(only_problem({"--size", "90d", "--slide", "1m"}).ends_with("make slide at least 90m"));
}

TEST_F(ConfigurationTest, AnotherAddressNeedsAToken) {
  EXPECT_TRUE(only_problem({"--address", "0.0.0.0"}).starts_with("address: 0.0.0.0 (--address) can be reached"));
  EXPECT_TRUE(run({"--address", "0.0.0.0"}, {"TIDEMARK_TOKEN=0123456789abcdef"}).problems.empty());
  for (const char* here : {"127.0.0.1", "127.1.2.3", "::1", "localhost"}) {
    EXPECT_TRUE(run({"--address", here}).problems.empty()) << here;
  }
}

TEST_F(ConfigurationTest, TokenComesFromAFileOrTheEnvironmentNotBoth) {
  write("token", "0123456789abcdef\r\n");
  const std::string file = (folder_ / "token").string();
  EXPECT_EQ(run({"--token-file", file}).options.token_file, file);
  EXPECT_TRUE(run({"--token-file", file, "--address", "0.0.0.0"}).problems.empty());
  EXPECT_TRUE(
      only_problem({"--token-file", file}, {"TIDEMARK_TOKEN=0123456789abcdef"}).starts_with("token: said twice"));
  EXPECT_TRUE(only_problem({"--token-file", file + "x"}).starts_with("token-file: cannot read " + file + "x"));
  write("token", "# mine\n0123456789abcdef desk until tomorrow\n");
  EXPECT_TRUE(only_problem({"--token-file", file}).starts_with("token-file: " + file + ": line 2: after until"));
  EXPECT_TRUE(only_problem({}, {"TIDEMARK_TOKEN=short"}).starts_with("token: too weak"));
}

TEST_F(ConfigurationTest, TheLakeIsAFolderOfHdfsOrAPlaceInS3) {
  const auto hdfs = run({"--lake", "webhdfs://tidemark@nn:9870/lake"}), s3 = run({"--lake", "s3://my-bucket/a/b/"});
  ASSERT_TRUE(hdfs.problems.empty() && s3.problems.empty());
  EXPECT_EQ(to_text(*hdfs.options.remote_lake), "webhdfs://nn:9870/lake");
  EXPECT_EQ(to_text(*s3.options.remote_lake), "s3://my-bucket/a/b");
  for (const char* const wrong : {"hdfs://nn/lake", "s3://", "/srv/lake", "s3://key:secret@bucket/x"}) {
    const std::string told = only_problem({"--lake", wrong});
    EXPECT_TRUE(told.starts_with("lake: must be webhdfs://") && told.find("s3://BUCKET/PREFIX") != told.npos) << told;
  }
}

TEST_F(ConfigurationTest, TheKeysOfS3StandInTheEnvironmentOrInAFile) {
  const std::vector<std::string> lake{"--lake", "s3://my-bucket/lake"};
  const std::string file = folder_ / "keys";
  const auto with = [&](std::vector<std::string> words) {
    words.insert(words.begin(), lake.begin(), lake.end());
    return words;
  };
  EXPECT_TRUE(run(lake).problems.empty()) << "the AWS SDK may know some";
  const auto said = run(lake, {"AWS_ACCESS_KEY_ID=id", "AWS_SECRET_ACCESS_KEY=key", "AWS_REGION=eu-central-1"});
  ASSERT_TRUE(said.problems.empty());
  EXPECT_EQ(said.options.s3.keys.id.reveal(), "id");
  EXPECT_EQ(said.options.s3.keys.secret.reveal(), "key");
  EXPECT_EQ(said.options.s3.region, "eu-central-1");
  for (const ShownSetting& shown : shown_settings(said)) {
    const bool is_key = shown.name == "s3-access-key" || shown.name == "s3-secret-key";
    EXPECT_EQ(shown.value == "***", is_key) << shown.name;
  }
  EXPECT_TRUE(only_problem(lake, {"AWS_ACCESS_KEY_ID=id"}).starts_with("s3-secret-key: a key for S3 has two parts"));

  write("keys", "aws_access_key_id = a\naws_secret_access_key = b\n");
  const auto read = run(with({"--s3-credentials-file", file}));
  ASSERT_TRUE(read.problems.empty());
  EXPECT_EQ(read.options.s3.keys.secret.reveal(), "b");
  EXPECT_TRUE(only_problem(with({"--s3-credentials-file", file}), {"AWS_ACCESS_KEY_ID=id"})
                  .starts_with("s3-access-key: said twice"));
  EXPECT_TRUE(
      only_problem(with({"--s3-credentials-file", file + "x"})).starts_with("s3-credentials-file: cannot read"));
}

TEST_F(ConfigurationTest, WhatConvincesAnHdfsIsSaidBesideTheLake) {
  const auto said = run({"--lake", "webhdfs+https://namenode/lake", "--hdfs-kerberos", "--hdfs-ca-file", "ca.pem"},
                        {"TIDEMARK_HDFS_DELEGATION_TOKEN=a-token"});
  ASSERT_TRUE(said.problems.empty());
  EXPECT_EQ(said.options.hdfs.delegation_token.reveal(), "a-token");
  EXPECT_TRUE(said.options.hdfs.is_negotiated);
  EXPECT_EQ(said.options.hdfs.ca_file, "ca.pem");
  for (const ShownSetting& shown : shown_settings(said)) {
    const bool is_token = shown.name == "hdfs-delegation-token";
    EXPECT_EQ(shown.value == "***", is_token) << shown.name;
  }
}

TEST_F(ConfigurationTest, AnEndpointOfS3IsAServerWithoutAPath) {
  EXPECT_EQ(run({"--s3-endpoint", "https://minio:9000/"}).options.s3.endpoint, "https://minio:9000");
  for (const char* const wrong : {"minio:9000", "ftp://minio", "https://minio/bucket", "wss://minio"})
    EXPECT_TRUE(only_problem({"--s3-endpoint", wrong}).starts_with("s3-endpoint: must be https://HOST")) << wrong;
  EXPECT_TRUE(only_problem({"--s3-region", "eu central"}).starts_with("s3-region: must be letters"));
}

TEST_F(ConfigurationTest, NoSecretIsEverShown) {
  const std::string secret = "0123456789abcdef-my-secret";
  const std::string token = "TIDEMARK_TOKEN=" + secret, key = "ALPACA_API_KEY=" + secret,
                    api_secret = "ALPACA_API_SECRET=" + secret;
  write(".env", key + "\n");
  write("tidemark.toml", "alpaca-api-secret = \"" + secret + "\"\n");
  const auto configuration = run({}, {token, api_secret});
  ASSERT_EQ(configuration.problems.size(), 1u) << "a secret does not belong in tidemark.toml";
  EXPECT_EQ(configuration.problems[0].message().find(secret), std::string::npos);
  int shown = 0;
  for (const Assignment& value : configuration.values) {
    EXPECT_EQ(shown_value(value).find(secret), std::string::npos);
    EXPECT_EQ(value.origin.find(secret), std::string::npos);
    for (const std::string& text : value.texts) EXPECT_EQ(text.find(secret), std::string::npos);
    if (shown_value(value) == "***") ++shown;
  }
  EXPECT_EQ(shown, 3);
}

TEST_F(ConfigurationTest, EveryProblemIsToldAtOnce) {
  write("tidemark.toml", "prot = 1\nsped = 2\n");
  EXPECT_EQ(run({"--port", "x"}, {"TIDEMARK_SEDE=3"}).problems.size(), 4u);
}

}  // namespace
}  // namespace tidemark
