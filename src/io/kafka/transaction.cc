#include "io/kafka/transaction.h"

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <future>
#include <string>
#include <thread>

namespace tidemark {
namespace {

using Steady = std::chrono::steady_clock;

constexpr int call_ms = 5'000;
constexpr auto longest_fence = std::chrono::seconds(60);
constexpr auto longest_commit = std::chrono::seconds(60);

constexpr auto message_timeout = std::chrono::milliseconds(10'000);

// The transaction of a dead process blocks readers for this long. kafka-config may set another value.
constexpr auto longest_transaction = std::chrono::milliseconds(10'000);

// Each step is flushed at its end, so lingering only matters for the batches of a large one. Nothing is compressed
// unless kafka-config says so, because kafka-python needs extra packages for lz4, snappy and zstd.
KafkaProperties properties_and(KafkaProperties more) {
  more.insert(more.end(), {{"enable.idempotence", "true"},
                           {"message.timeout.ms", std::to_string(message_timeout.count())},
                           {"linger.ms", "5"},
                           {"partitioner", "murmur2_random"},  // as in Java and kafka-python
                           {"batch.num.messages", "100000"},
                           {"batch.size", "1000000"},
                           {"queue.buffering.max.messages", "1000000"},
                           {"queue.buffering.max.kbytes", "262144"}});
  return more;
}

using Partitions = std::unique_ptr<rd_kafka_topic_partition_list_t, void (*)(rd_kafka_topic_partition_list_t*)>;
using Group = std::unique_ptr<rd_kafka_consumer_group_metadata_t, void (*)(rd_kafka_consumer_group_metadata_t*)>;

// Retries retriable errors until the deadline. The caller owns the returned error.
template <typename Call>
rd_kafka_error_t* patiently(Call call, Steady::duration longest) {
  const auto deadline = Steady::now() + longest;
  for (;;) {
    rd_kafka_error_t* const error = call();
    if (error == nullptr || rd_kafka_error_is_retriable(error) == 0 || Steady::now() > deadline) return error;
    rd_kafka_error_destroy(error);
  }
}

// The time after which the brokers abort a transaction.
std::chrono::milliseconds timeout_of(rd_kafka_t* handle) {
  std::array<char, 32> text{};
  std::size_t size = text.size();
  if (rd_kafka_conf_get(rd_kafka_conf(handle), "transaction.timeout.ms", text.data(), &size) != RD_KAFKA_CONF_OK)
    return longest_transaction;
  return std::chrono::milliseconds(std::strtoll(text.data(), nullptr, 10));
}

}  // namespace

Result<std::unique_ptr<PlainProducer>> PlainProducer::open(const KafkaCluster& cluster) {
  auto client = Client::open(ClientKind::ReportingProducer, cluster, properties_and({}));
  if (!client) return std::unexpected(client.error());
  return std::unique_ptr<PlainProducer>(new PlainProducer(std::move(*client)));
}

Result<void> PlainProducer::write(const Fill& fill) {
  rd_kafka_t* const handle = client_.handle();
  const int code = fill(handle);
  const int unflushed = rd_kafka_flush(handle, static_cast<int>(message_timeout.count()) + call_ms);
  const int undelivered = client_.take_undelivered();
  for (const int failed : {code, static_cast<int>(unflushed), undelivered})
    if (failed != RD_KAFKA_RESP_ERR_NO_ERROR) return std::unexpected(client_.failure("write", failed));
  return {};
}

Result<std::unique_ptr<TransactionalProducer>> TransactionalProducer::open(const KafkaCluster& cluster,
                                                                           const std::string& id) {
  auto client = Client::open(ClientKind::Producer, cluster,
                             properties_and({{"transactional.id", id},
                                             {"transaction.timeout.ms", std::to_string(longest_transaction.count())}}));
  if (!client) return std::unexpected(client.error());
  std::unique_ptr<TransactionalProducer> producer(new TransactionalProducer(std::move(*client)));
  rd_kafka_t* const handle = producer->client_->handle();
  if (auto* const error = patiently([&] { return rd_kafka_init_transactions(handle, call_ms); }, longest_fence))
    return std::unexpected(producer->client_->failure("begin to write as " + id, error));
  return producer;
}

// Up to 2.14, rd_kafka_send_offsets_to_transaction has no timeout (librdkafka's issue 5456). If it finds no coordinator
// three times in a row, as on a cluster that is just creating its offsets topic, it waits until some connection comes
// up or goes down, which on a quiet cluster never happens. So it is called on its own thread. Once the brokers have
// aborted the transaction by its timeout, the call is abandoned together with the client, because destroying the client
// during a call would be worse. Brokers close idle connections after some minutes, which ends the call and releases the
// client.
Result<void> TransactionalProducer::send_positions(const std::string& group,
                                                   const std::vector<GroupPosition>& positions) {
  using Failure = std::unique_ptr<rd_kafka_error_t, void (*)(rd_kafka_error_t*)>;
  Partitions list(rd_kafka_topic_partition_list_new(static_cast<int>(positions.size())),
                  rd_kafka_topic_partition_list_destroy);
  for (const auto& each : positions)
    rd_kafka_topic_partition_list_add(list.get(), each.topic.c_str(), each.partition)->offset = each.position;
  // Without a generation: the holder of the transactional id owns the partition, whatever the group believes.
  Group of(rd_kafka_consumer_group_metadata_new(group.c_str()), rd_kafka_consumer_group_metadata_destroy);

  std::promise<Failure> promise;
  auto answer = promise.get_future();
  std::thread([client = client_, list = std::move(list), of = std::move(of), told = std::move(promise)]() mutable {
    const auto send = [&] {
      return rd_kafka_send_offsets_to_transaction(client->handle(), list.get(), of.get(), call_ms);
    };
    told.set_value(Failure(patiently(send, longest_commit), rd_kafka_error_destroy));
  }).detach();
  if (answer.wait_for(timeout_of(client_->handle())) == std::future_status::timeout) {
    is_lost_ = true;
    return std::unexpected(
        Error::permanent("Kafka: cannot commit positions: there was no answer before the transaction's timeout"));
  }
  if (Failure failure = answer.get()) return std::unexpected(client_->failure("commit positions", failure.release()));
  return {};
}

Result<void> TransactionalProducer::abort(const Error& why) {
  if (!why.is_retryable()) return std::unexpected(why);
  if (auto* const error =
          patiently([&] { return rd_kafka_abort_transaction(client_->handle(), call_ms); }, longest_commit)) {
    const Error worse = client_->failure("abort a transaction", error);
    return std::unexpected(worse.is_retryable() ? why : worse);
  }
  is_open_ = false;
  return std::unexpected(why);
}

Result<void> TransactionalProducer::commit(const Fill& fill, const std::string& group,
                                           const std::vector<GroupPosition>& positions) {
  rd_kafka_t* const handle = client_->handle();
  if (is_in_doubt())
    return std::unexpected(Error::permanent(
        "Kafka: a request of an earlier transaction got no answer, so this producer begins no other transaction"));
  if (is_committing_) return end();
  if (is_open_) {
    // Left by the last call, which could not abort it.
    const auto aborted = abort(Error::retryable("Kafka: a transaction is still to be aborted"));
    if (is_open_) return aborted;
  }
  if (auto* const error = rd_kafka_begin_transaction(handle))
    return std::unexpected(client_->failure("begin a transaction", error));
  is_open_ = true;
  if (const int code = fill(handle); code != RD_KAFKA_RESP_ERR_NO_ERROR) return abort(client_->failure("write", code));
  if (!positions.empty())
    if (auto sent = send_positions(group, positions); !sent) return is_lost_ ? sent : abort(sent.error());
  return end();
}

Result<void> TransactionalProducer::end() {
  is_committing_ = true;
  if (auto* const error =
          patiently([&] { return rd_kafka_commit_transaction(client_->handle(), call_ms); }, longest_commit)) {
    const bool may_go_on = rd_kafka_error_is_retriable(error) != 0;
    const bool must_abort = rd_kafka_error_txn_requires_abort(error) != 0;
    const Error failed = client_->failure("commit a transaction", error);
    if (may_go_on) return std::unexpected(failed);
    is_committing_ = false;
    if (must_abort) return abort(failed);
    return std::unexpected(Error::permanent(failed.message()));
  }
  is_committing_ = false;
  is_open_ = false;
  return {};
}

}  // namespace tidemark
