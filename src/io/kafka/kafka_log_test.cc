// The log over Kafka keeps the promises of every log, and its own: a later process fences an earlier one.
//
// Runs against real brokers, which TIDEMARK_TEST_KAFKA names (`./dev test kafka` starts some). Without brokers it is
// skipped with a message.
#include "io/kafka/kafka_log.h"

#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <future>
#include <mutex>
#include <string>
#include <vector>

#include "io/kafka/message.h"
#include "io/kafka/partition_reader.h"
#include "io/kafka/state_topic.h"
#include "io/kafka/topics.h"
#include "io/kafka/transaction.h"
#include "run/interfaces/log_conformance_test.h"
#include "run/interfaces/must_test.h"

namespace tidemark {
namespace {

constexpr const char* no_brokers = "TIDEMARK_TEST_KAFKA names no brokers; ./dev test kafka starts some";

std::string brokers() {
  const char* const named = std::getenv("TIDEMARK_TEST_KAFKA");
  return named == nullptr ? "" : named;
}

// A cluster with topics and groups of its own.
KafkaCluster fresh_cluster() {
  static std::atomic<int> number = 0;
  const std::string name = "test-" + std::to_string(getpid()) + "-" + std::to_string(++number);
  return {.brokers = brokers(), .application = name, .topic_prefix = name + "."};
}

// Keeps records for ever, because those of these tests have old timestamps.
TopicsWanted forever(std::int32_t partitions) {
  return {.partitions = partitions, .replication = 1, .keep = std::nullopt, .keep_rejects = std::nullopt};
}

constexpr auto patience = std::chrono::seconds(300);  // the longest wait for an expected event

// Retries retryable errors, as a role does.
template <typename Try>
auto tried(Try attempt) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  for (;;) {
    auto outcome = attempt();
    if (outcome || !outcome.error().is_retryable() || std::chrono::steady_clock::now() > deadline) return outcome;
  }
}

template <typename Try>
auto eventually(Try attempt) {
  return must(tried(attempt));
}

TopicsFound make_topics(const KafkaCluster& cluster, std::int32_t partitions) {
  return eventually([&] { return ensure_topics(cluster, forever(partitions)); });
}

// A new cluster has no group coordinator until a client asks for one. The roles ask when they restore their positions;
// these tests commit at once.
void have_a_coordinator() {
  static const ReaderState found = [] {
    const KafkaLogOptions options{.cluster = fresh_cluster()};
    make_topics(options.cluster, 1);
    const auto log = must(open_kafka_log(options));
    return eventually([&] { return log->restore("analyze"); });
  }();
}

// A commit is durable before its records are visible, because the brokers write the transaction markers later. The
// roles do not mind; a test that reads its own writes waits until no transaction is open.
class PatientLog : public Log {
 public:
  PatientLog(KafkaLogOptions options, std::unique_ptr<Log> log)
      : options_(std::move(options)),
        log_(std::move(log)),
        committed_(must(PartitionReader::open(options_.cluster))),
        all_(must(PartitionReader::open(options_.cluster, Shows::Everything))) {}

  Result<void> append(std::span<const Record> records, std::string_view feed, std::string_view cursor) override {
    const std::lock_guard guard(mutex_);
    return shown(tried([&] { return log_->append(records, feed, cursor); }));
  }
  Result<void> commit(const Commit& commit) override {
    const std::lock_guard guard(mutex_);
    return shown(tried([&] { return log_->commit(commit); }));
  }
  Result<ReaderState> restore(std::string_view reader) override {
    const std::lock_guard guard(mutex_);
    return log_->restore(reader);
  }

  Result<std::optional<std::string>> cursor(std::string_view feed) override { return log_->cursor(feed); }
  // Polls until all present records, which are small, have been fetched.
  Result<Batch> poll(Topic topic, Position from, std::size_t limit) override {
    auto batch = log_->poll(topic, from, limit);
    const auto end = log_->end(topic);
    if (!end) return std::unexpected(end.error());
    const auto is_small = [](const Batch& polled) {
      std::size_t bytes = 0;
      for (std::size_t i = 0; i < polled.size(); ++i) bytes += polled[i].value.size();
      return bytes < 60'000;
    };
    while (batch && batch->size() < limit && batch->next_position() < *end && is_small(*batch)) {
      const auto more = log_->poll(topic, batch->next_position(), limit - batch->size());
      if (!more) return std::unexpected(more.error());
      for (std::size_t i = 0; i < more->size(); ++i) {
        const Batch::View one = (*more)[i];
        batch->add(one.position, one.kind, one.key, one.value, one.time, one.ingested_at, one.bytes_in_all);
      }
      batch->pass(more->next_position());
    }
    return batch;
  }
  Result<Batch> tail(Topic topic, std::size_t limit) override { return log_->tail(topic, limit); }
  Result<Position> begin(Topic topic) override { return log_->begin(topic); }
  Result<Position> end(Topic topic) override { return log_->end(topic); }
  bool is_dense() const override { return log_->is_dense(); }
  Result<Position> trim(Topic topic, Position before) override { return log_->trim(topic, before); }
  Result<std::uint64_t> bytes() override { return log_->bytes(); }

 private:
  Result<void> shown(Result<void> done) {
    if (!done) return done;
    std::vector<std::string> names{state_topic_name(options_.cluster)};
    for (const Topic topic : all_topics) names.push_back(topic_name(options_.cluster, topic));
    const auto end_of = [&](PartitionReader& reader, const std::string& name) {
      return eventually([&] { return reader.end(name, options_.partition); });
    };
    for (const std::string& name : names)
      while (end_of(*committed_, name) < end_of(*all_, name)) usleep(1'000);
    return done;
  }
  KafkaLogOptions options_;
  std::mutex mutex_;
  std::unique_ptr<Log> log_;
  std::unique_ptr<PartitionReader> committed_, all_;
};

class KafkaLogUnderTest : public LogUnderTest {
 public:
  KafkaLogUnderTest() {
    have_a_coordinator();
    make_topics(options_.cluster, 1);
    reopen();
  }
  Log& log() override { return *log_; }
  void reopen() override {
    log_.reset();
    log_ = std::make_unique<PatientLog>(options_, must(open_kafka_log(options_)));
  }
  bool trims() const override { return false; }
  Duration precision() const override { return std::chrono::milliseconds(1); }
  int steps() const override { return 20; }

 private:
  KafkaLogOptions options_{.cluster = fresh_cluster()};
  std::unique_ptr<Log> log_;
};

std::vector<MakeLogUnderTest> with_brokers() {
  if (brokers().empty()) return {};
  return {[] { return std::make_unique<KafkaLogUnderTest>(); }};
}

INSTANTIATE_TEST_SUITE_P(Kafka, LogConformance, testing::ValuesIn(with_brokers()));

class KafkaLog : public testing::Test {
 protected:
  void SetUp() override {
    if (brokers().empty()) GTEST_SKIP() << no_brokers;
    have_a_coordinator();
    make_topics(cluster_, 3);
  }
  std::unique_ptr<Log> open(std::int32_t partition) {
    return must(open_kafka_log({.cluster = cluster_, .partition = partition, .partitions = 3}));
  }
  KafkaCluster cluster_ = fresh_cluster();
};

// The bars of a partition, once `count` of them are visible, which is shortly after they are durable.
Batch bars_of(Log& partition, std::size_t count) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  for (;;) {
    Batch bars = must(partition.poll(Topic::Bars, must(partition.begin(Topic::Bars)), 10));
    if (bars.size() >= count || std::chrono::steady_clock::now() > deadline) return bars;
    usleep(1'000);
  }
}

Record bar(std::string symbol) { return {.key = symbol, .value = "{\"symbol\":\"" + symbol + "\"}"}; }

TEST_F(KafkaLog, BarsGoWhereKafkasOwnClientsPutTheirKey) {
  const auto log = open(0);
  must(log->append(std::vector{bar("AAPL"), bar("TSLA"), bar("GOOGL"), bar("MSFT"), bar("AMZN")}, "feed", "1"));
  // kafka-python 3.0.12: (murmur2(b"AAPL") & 0x7fffffff) % 3, and so on.
  const std::vector<std::vector<std::string>> expected{{"AAPL", "MSFT"}, {"GOOGL"}, {"TSLA", "AMZN"}};
  for (std::int32_t partition = 0; partition < 3; ++partition) {
    const auto& right = expected[static_cast<std::size_t>(partition)];
    const Batch batch = bars_of(*open(partition), right.size());
    std::vector<std::string> found;
    for (std::size_t i = 0; i < batch.size(); ++i) found.emplace_back(batch[i].key);
    EXPECT_EQ(found, right) << partition;
  }
}

TEST_F(KafkaLog, WhatIsNoBarOfASymbolGoesIntoEveryPartition) {
  const auto log = open(0);
  must(log->append(std::vector{Record{.kind = RecordKind::Heartbeat, .time = event_time_from_nanos(77)},
                               Record{.kind = RecordKind::End}},
                   "feed", "1"));
  must(log->append(std::vector{limit_record(3'600, EventTime{})}, "max-ahead", "3600"));
  for (std::int32_t partition = 0; partition < 3; ++partition) {
    const Batch batch = bars_of(*open(partition), 3);
    ASSERT_EQ(batch.size(), 3U) << partition;
    EXPECT_EQ(batch[0].kind, RecordKind::Heartbeat);
    EXPECT_EQ(batch[0].time, event_time_from_nanos(77));
    EXPECT_EQ(batch[1].kind, RecordKind::End);
    EXPECT_EQ(batch[2].kind, RecordKind::Limit);
    EXPECT_EQ(batch[2].value, "3600");
  }
  EXPECT_EQ(must(log->cursor("feed")), "1");
  EXPECT_EQ(must(log->cursor("max-ahead")), "3600");
}

TEST_F(KafkaLog, WhoComesLaterFencesWhoWasThere) {
  constexpr Position one = positions_of_a_partition, two = 2 * positions_of_a_partition;
  const auto old = open(1), other_partition = open(2);
  must(old->commit({.reader = "analyze", .positions = {{Topic::Bars, one + 1}}, .state = "old"}));
  must(other_partition->commit({.reader = "analyze", .positions = {{Topic::Bars, two + 9}}}));
  const auto young = open(1);
  EXPECT_EQ(must(young->restore("analyze")).state, "old");
  const auto refused = old->commit({.reader = "analyze", .positions = {{Topic::Bars, one + 2}}, .state = "zombie"});
  ASSERT_FALSE(refused);
  EXPECT_FALSE(refused.error().is_retryable()) << refused.error().message();
  must(young->commit({.reader = "analyze", .positions = {{Topic::Bars, one + 3}}, .state = "young"}));
  must(other_partition->commit({.reader = "analyze", .positions = {{Topic::Bars, two + 10}}}));
  EXPECT_EQ(must(open(1)->restore("analyze")).state, "young");
  EXPECT_EQ(must(open(1)->restore("analyze")).position(Topic::Bars), one + 3);
}

// Brokers of 3.9 cause this when they refuse a late request of an earlier epoch (state_topic.h), and so does an older
// program that continued.
TEST_F(KafkaLog, TheLaterOfGroupAndStateSaysHowFarAReaderHasCome) {
  const auto stands_at = [&](std::int64_t offset) {
    const auto group = group_of(cluster_, "analyze");
    const Client client = must(Client::open(ClientKind::Consumer, cluster_, {{"group.id", group}}));
    const std::unique_ptr<rd_kafka_topic_partition_list_t, void (*)(rd_kafka_topic_partition_list_t*)> list(
        rd_kafka_topic_partition_list_new(1), rd_kafka_topic_partition_list_destroy);
    rd_kafka_topic_partition_list_add(list.get(), topic_name(cluster_, Topic::Bars).c_str(), 0)->offset = offset;
    eventually([&]() -> Result<void> {
      if (const auto code = rd_kafka_commit(client.handle(), list.get(), 0))
        return std::unexpected(client.failure("commit", code));
      return {};
    });
  };
  must(open(0)->commit({.reader = "analyze", .positions = {{Topic::Bars, 7}}, .state = "seven"}));
  stands_at(3);
  EXPECT_EQ(must(open(0)->restore("analyze")).position(Topic::Bars), 7);
  EXPECT_EQ(must(open(0)->restore("analyze")).state, "seven");
  stands_at(9);
  EXPECT_EQ(must(open(0)->restore("analyze")).position(Topic::Bars), 9);
  const KafkaCluster other{.brokers = cluster_.brokers, .application = "other", .topic_prefix = cluster_.topic_prefix};
  const auto of_other = must(open_kafka_log({.cluster = other, .partition = 0, .partitions = 3, .read_only = true}));
  EXPECT_EQ(must(of_other->restore("analyze")).positions.size(), 0U) << "another application has its own";
}

// No client of this cluster has asked for the coordinator before, so it takes seconds to appear. If it takes longer
// than the transaction's timeout, the brokers abort the transaction and refuse the producer. Then the work restarts, as
// in the workers of a group.
TEST(KafkaNewCluster, TheFirstCommitIsMadeAsSoonAsThereIsACoordinator) {
  if (brokers().empty()) GTEST_SKIP() << no_brokers;
  const KafkaLogOptions options{.cluster = fresh_cluster()};
  make_topics(options.cluster, 1);
  auto log = must(open_kafka_log(options));
  eventually([&]() -> Result<void> {
    const auto done = log->commit({.reader = "analyze", .positions = {{Topic::Bars, 7}}, .state = "first"});
    if (done || done.error().is_retryable()) return done;
    log = must(open_kafka_log(options));
    return std::unexpected(Error::retryable(done.error().message()));
  });
  const ReaderState restored = must(log->restore("analyze"));
  EXPECT_EQ(restored.state, "first");
  EXPECT_EQ(restored.position(Topic::Bars), 7);
}

TEST_F(KafkaLog, AStateIsReadOnlyWhenAllOfItCanBeRead) {
  // Another producer has a transaction open from before the commit, so records behind it cannot be read. If it takes
  // too long, the brokers abort it, which proves nothing, and the attempt is repeated.
  eventually([&]() -> Result<void> {
    const auto other = must(TransactionalProducer::open(cluster_, cluster_.application + "-other"));
    const Record half{.key = "other", .value = "half"};
    std::future<Result<ReaderState>> restored;
    auto first_look = std::future_status::deferred;
    const auto done = other->commit(
        [&](rd_kafka_s* handle) {
          const int code = produce(handle, {state_topic_name(cluster_).c_str(), 0}, half);
          (void)rd_kafka_flush(handle, 10'000);
          must(open(0)->commit({.reader = "store", .state = "the intent"}));
          restored = std::async(std::launch::async, [&] { return open(0)->restore("store"); });
          first_look = restored.wait_for(std::chrono::seconds(1));
          return code;
        },
        {}, {});
    if (!done) return std::unexpected(Error::retryable(done.error().message()));
    EXPECT_EQ(first_look, std::future_status::timeout);
    EXPECT_EQ(must(restored.get()).state, "the intent");
    return {};
  });
}

TEST_F(KafkaLog, AnAppendThatWasTooSlowIsThereOnce) {
  const auto log = open(0);
  must(log->cursor("feed"));
  must(log->append(std::vector{bar("A")}, "feed", "1"));
  // Takes the same id for a moment, which has the effect of a transaction that timed out.
  EXPECT_EQ(must(open(0)->cursor("feed")), "1");
  EXPECT_FALSE(log->append(std::vector{bar("B")}, "feed", "2"));
  must(log->append(std::vector{bar("B")}, "feed", "2"));
  EXPECT_EQ(must(log->cursor("feed")), "2");
}

TEST_F(KafkaLog, AnAppendThatIsFoundToBeThereIsTheLastOne) {
  const auto log = open(0), other = open(0);
  must(log->cursor("feed"));
  must(log->append(std::vector{bar("A")}, "feed", "1"));
  must(other->cursor("feed"));
  must(other->append(std::vector{bar("B")}, "feed", "2"));
  EXPECT_FALSE(log->append(std::vector{bar("B")}, "feed", "2"));
  must(log->append(std::vector{bar("B")}, "feed", "2"));  // it is there already
  must(open(0)->cursor("feed"));
  EXPECT_FALSE(log->append(std::vector{bar("C")}, "feed", "3"));
  must(log->append(std::vector{bar("C")}, "feed", "3"));  // nobody else has brought the feed further than "2"
}

TEST_F(KafkaLog, WhoBringsAFeedThatAnotherHasBroughtFurtherEnds) {
  const auto old = open(0), young = open(0);
  must(old->cursor("feed"));
  must(old->append(std::vector{bar("A")}, "feed", "1"));
  EXPECT_EQ(must(young->cursor("feed")), "1");
  must(young->append(std::vector{bar("B")}, "feed", "2"));
  EXPECT_FALSE(old->append(std::vector{bar("B")}, "feed", "other 2"));
  const auto refused = old->append(std::vector{bar("B")}, "feed", "other 2");
  ASSERT_FALSE(refused);
  EXPECT_FALSE(refused.error().is_retryable()) << refused.error().message();
}

TEST_F(KafkaLog, WhoOnlyLooksFencesNobody) {
  const auto owner = open(0);
  must(owner->commit({.reader = "analyze", .positions = {{Topic::Bars, 1}}, .state = "one"}));
  const auto onlooker = must(open_kafka_log({.cluster = cluster_, .partitions = 3, .read_only = true}));
  EXPECT_EQ(must(onlooker->restore("analyze")).state, "one");
  EXPECT_FALSE(onlooker->commit({.reader = "analyze", .positions = {{Topic::Bars, 7}}}));
  must(owner->commit({.reader = "analyze", .positions = {{Topic::Bars, 2}}}));
}

TEST_F(KafkaLog, ACheckpointHasThePositionsOfAllTopicsSinceTheLastOne) {
  const auto log =
      must(open_kafka_log({.cluster = cluster_, .partitions = 3, .checkpoint_every = std::chrono::hours(24 * 365)}));
  must(log->commit({.reader = "store", .positions = {{Topic::Trends, 1}, {Topic::JudgedBars, 1}}, .state = "one"}));
  must(log->commit({.reader = "store", .positions = {{Topic::Trends, 7}}}));
  must(log->commit({.reader = "store", .positions = {{Topic::JudgedBars, 9}}}));
  must(log->commit({.reader = "store", .state = "two"}));
  const ReaderState restored = must(open(0)->restore("store"));
  EXPECT_EQ(restored.state, "two");
  EXPECT_EQ(restored.position(Topic::Trends), 7);
  EXPECT_EQ(restored.position(Topic::JudgedBars), 9);
}

TEST_F(KafkaLog, TopicsThatAreThereDecideHowManyPartitionsThereAre) {
  KafkaCluster cluster = fresh_cluster();
  make_topics(cluster, 2);
  EXPECT_EQ(make_topics(cluster, 5).partitions, 2) << "what is there decides";
}

TEST(KafkaSetup, AnUnknownPropertyIsNamed) {
  const auto log = open_kafka_log({.cluster = {.brokers = "127.0.0.1:1", .properties = {{"no.such", "1"}}}});
  ASSERT_FALSE(log);
  EXPECT_TRUE(log.error().is_setup());
  EXPECT_NE(log.error().message().find("no.such"), std::string::npos) << log.error().message();
}

TEST(KafkaSetup, ThePropertiesOfTheUserWinOverOurDefaults) {
  const KafkaCluster cluster{.brokers = "127.0.0.1:1",
                             .properties = {{"linger.ms", "77"}, {"socket.timeout.ms", "2500"}}};
  const Client client = must(Client::open(ClientKind::Producer, cluster, {{"linger.ms", "5"}, {"batch.size", "1000"}}));
  const auto holds = [&](const char* name) {
    std::array<char, 64> text{};
    std::size_t size = text.size();
    EXPECT_EQ(rd_kafka_conf_get(rd_kafka_conf(client.handle()), name, text.data(), &size), RD_KAFKA_CONF_OK);
    return std::string(text.data());
  };
  EXPECT_EQ(holds("linger.ms"), "77");
  EXPECT_EQ(holds("socket.timeout.ms"), "2500");
  EXPECT_EQ(holds("batch.size"), "1000");
}

TEST(KafkaSetup, WhatIsRefusedHasAReason) {
  const auto refused = [](const char* name) {
    const auto log = open_kafka_log({.cluster = {.brokers = "127.0.0.1:1", .properties = {{name, "1"}}}});
    return log ? "" : log.error().message();
  };
  EXPECT_EQ(refused("partitioner"),
            "kafka-config: partitioner is set by Tidemark itself, because all bars of a symbol must come to one "
            "partition, whoever writes them; take the line out");
  EXPECT_EQ(refused("session.timeout.ms"),
            "kafka-config: session.timeout.ms is set by Tidemark itself, because it is --session-timeout; take the "
            "line out");
}

TEST(KafkaSetup, WhatTidemarkSetsItselfIsNotForOthers) {
  const auto log = open_kafka_log({.cluster = {.brokers = "127.0.0.1:1", .properties = {{"isolation.level", "x"}}}});
  ASSERT_FALSE(log);
  EXPECT_NE(log.error().message().find("isolation.level"), std::string::npos) << log.error().message();
}

}  // namespace
}  // namespace tidemark
