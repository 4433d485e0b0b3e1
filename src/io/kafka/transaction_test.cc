// A producer whose transactional request got no answer begins no other transaction, and the next producer with its id
// continues.
//
// Runs against librdkafka's mock broker in the process, which can drop a connection instead of answering.
#include "io/kafka/transaction.h"

#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

#include "io/kafka/kafka_log.h"
#include "run/interfaces/must_test.h"

namespace tidemark {
namespace {

constexpr std::int16_t find_coordinator = 10, add_partitions = 24, add_offsets = 25, end = 26, commit_offsets = 28;

class Brokers {
 public:
  Brokers() {
    std::array<char, 512> why{};
    owner_ = rd_kafka_new(RD_KAFKA_PRODUCER, rd_kafka_conf_new(), why.data(), why.size());
    cluster_ = rd_kafka_mock_cluster_new(owner_, 1);
  }
  ~Brokers() {
    rd_kafka_mock_cluster_destroy(cluster_);
    rd_kafka_destroy(owner_);
  }
  Brokers(const Brokers&) = delete;
  Brokers& operator=(const Brokers&) = delete;

  KafkaCluster cluster() const { return {.brokers = rd_kafka_mock_cluster_bootstraps(cluster_)}; }
  // Drops the connection instead of answering the next request of this kind.
  void lose_the_next(std::int16_t request) {
    rd_kafka_mock_push_request_errors(cluster_, request, 1, RD_KAFKA_RESP_ERR__TRANSPORT);
  }
  // Refuses the next requests of this kind with an error code.
  void refuse_the_next(std::int16_t request, rd_kafka_resp_err_t code, std::size_t times = 1) {
    const std::vector<rd_kafka_resp_err_t> codes(times, code);
    rd_kafka_mock_push_request_errors_array(cluster_, request, codes.size(), codes.data());
  }
  void be_kind(std::int16_t request) { rd_kafka_mock_clear_request_errors(cluster_, request); }

 private:
  rd_kafka_t* owner_ = nullptr;
  rd_kafka_mock_cluster_t* cluster_ = nullptr;
};

Result<void> write_and_commit(TransactionalProducer& producer) {
  return producer.commit(
      [](rd_kafka_t* handle) {
        return rd_kafka_producev(handle, RD_KAFKA_V_TOPIC("numbers"), RD_KAFKA_V_PARTITION(0),
                                 RD_KAFKA_V_VALUE(const_cast<char*>("1"), 1), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                                 RD_KAFKA_V_END);
      },
      "readers", {{"bars", 0, 7}});
}

class RequestWithoutAnswer : public testing::TestWithParam<std::int16_t> {};

TEST_P(RequestWithoutAnswer, PutsItsProducerInDoubtWhichThenBeginsNothing) {
  Brokers brokers;
  const auto producer = must(TransactionalProducer::open(brokers.cluster(), "one"));
  must(write_and_commit(*producer));
  ASSERT_FALSE(producer->is_in_doubt());
  brokers.lose_the_next(GetParam());
  must(write_and_commit(*producer));  // the client asks again and gets an answer
  EXPECT_TRUE(producer->is_in_doubt());
  const auto refused = write_and_commit(*producer);
  ASSERT_FALSE(refused);
  EXPECT_FALSE(refused.error().is_retryable()) << refused.error().message();

  const auto next = must(TransactionalProducer::open(brokers.cluster(), "one"));
  must(write_and_commit(*next));
  EXPECT_FALSE(next->is_in_doubt());
}

INSTANTIATE_TEST_SUITE_P(Transactional, RequestWithoutAnswer,
                         testing::Values(add_partitions, add_offsets, end, commit_offsets));

TEST(AnsweredRequest, LeavesItsProducerWithoutDoubtEvenWhenItIsRefused) {
  Brokers brokers;
  const auto producer = must(TransactionalProducer::open(brokers.cluster(), "one"));
  brokers.refuse_the_next(add_partitions, RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS);
  brokers.refuse_the_next(commit_offsets, RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS);
  must(write_and_commit(*producer));
  EXPECT_FALSE(producer->is_in_doubt());
}

// librdkafka waits for ever here (its issue 5456). Without the separate thread this test would not end.
TEST(SendingPositions, EndsWithTheTransactionWhereTheGroupHasNoCoordinator) {
  Brokers brokers;
  KafkaCluster cluster = brokers.cluster();
  cluster.properties = {
      {"transaction.timeout.ms", "2000"}, {"message.timeout.ms", "2000"}, {"socket.timeout.ms", "2000"}};
  const auto producer = must(TransactionalProducer::open(cluster, "one"));
  brokers.refuse_the_next(find_coordinator, RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE, 100);
  const auto failed = write_and_commit(*producer);
  ASSERT_FALSE(failed);
  EXPECT_FALSE(failed.error().is_retryable()) << failed.error().message();
  EXPECT_TRUE(producer->is_in_doubt());
  brokers.be_kind(find_coordinator);
  const auto next = must(TransactionalProducer::open(cluster, "one"));
  must(write_and_commit(*next));
}

class WordsOfTheJournal : public Journal {
 public:
  void write(Level, std::string_view event, std::initializer_list<Field>) override {
    const std::lock_guard guard(mutex_);
    events_.emplace_back(event);
  }
  int count(std::string_view event) {
    const std::lock_guard guard(mutex_);
    return static_cast<int>(std::ranges::count(events_, event));
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> events_;
};

TEST(AppendInDoubt, IsFollowedByOneThatHasReadTheCursorWithAProducerOfItsOwn) {
  Brokers brokers;
  WordsOfTheJournal journal;
  KafkaCluster cluster = brokers.cluster();
  cluster.journal = &journal;
  const auto log = must(open_kafka_log({.cluster = cluster}));
  const auto append = [&](const std::string& cursor) {
    return log->append(std::vector{Record{.key = "A", .value = "{}"}}, "feed", cursor);
  };
  must(log->cursor("feed"));
  must(append("1"));
  brokers.lose_the_next(end);
  must(append("2"));
  EXPECT_EQ(journal.count("kafka.producer_renewed"), 0);
  must(append("3"));
  EXPECT_EQ(journal.count("kafka.producer_renewed"), 1);
  must(append("4"));
  EXPECT_EQ(journal.count("kafka.producer_renewed"), 1);
  EXPECT_EQ(must(log->cursor("feed")), "4");
}

}  // namespace
}  // namespace tidemark
