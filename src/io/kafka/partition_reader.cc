#include "io/kafka/partition_reader.h"

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <thread>
#include <utility>

#include "io/kafka/message.h"

namespace tidemark {
namespace {

using Steady = std::chrono::steady_clock;

constexpr int offsets_ms = 5'000;
constexpr auto longest_wait = std::chrono::seconds(15);  // for what is known to be there
constexpr int wait_ms = 100;
constexpr std::size_t messages_at_once = 1'024;
constexpr std::size_t first_messages = 64;  // until the size of messages is known

// True for transient errors: the partition is moving to another broker, or was just created.
bool is_passing(rd_kafka_resp_err_t code) {
  return code == RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION || code == RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE ||
         code == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART || code == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION;
}

}  // namespace

// A partition that is being fetched, from the last requested offset on.
struct PartitionReader::Reading {
  ~Reading() {
    stop();
    if (topic != nullptr) rd_kafka_topic_destroy(topic);
  }
  // Destroys the queue with fetched but unread messages, so that a new start never sees them.
  void stop() {
    if (is_running) (void)rd_kafka_consume_stop(topic, partition);
    is_running = false;
    if (queue != nullptr) rd_kafka_queue_destroy(std::exchange(queue, nullptr));
  }
  rd_kafka_topic_t* topic = nullptr;
  rd_kafka_queue_t* queue = nullptr;
  std::int32_t partition = 0;
  bool is_running = false;
  Position next = 0;       // offset of the next record to return
  Position known_end = 0;  // the largest end that was returned to a caller
  bool has_heard = false;  // the broker has answered since the start at `next`
};

PartitionReader::PartitionReader(Client client) : client_(std::move(client)) {}
PartitionReader::~PartitionReader() = default;

Result<std::unique_ptr<PartitionReader>> PartitionReader::open(const KafkaCluster& cluster, Shows shows) {
  auto client = Client::open(ClientKind::Consumer, cluster,
                             {{"isolation.level", shows == Shows::Committed ? "read_committed" : "read_uncommitted"},
                              {"enable.partition.eof", "true"},
                              {"auto.offset.reset", "error"},
                              {"enable.auto.commit", "false"},
                              {"fetch.wait.max.ms", "100"},
                              {"fetch.error.backoff.ms", "100"},
                              {"queued.min.messages", "20000"},
                              {"queued.max.messages.kbytes", "8192"},
                              {"fetch.message.max.bytes", "4194304"},
                              {"receive.message.max.bytes", "268435456"}});
  if (!client) return std::unexpected(client.error());
  return std::unique_ptr<PartitionReader>(new PartitionReader(std::move(*client)));
}

Result<PartitionReader::Reading*> PartitionReader::read_from(const std::string& topic, std::int32_t partition,
                                                             Position from) {
  Reading& reading = reading_of(topic, partition);
  if (reading.is_running && reading.next == from) return &reading;
  reading.stop();
  reading.queue = rd_kafka_queue_new(client_.handle());
  if (rd_kafka_consume_start_queue(reading.topic, partition, from, reading.queue) != 0)
    return std::unexpected(client_.failure(fmt::format("read {}[{}]", topic, partition), rd_kafka_last_error()));
  reading.is_running = true;
  reading.next = from;
  reading.has_heard = false;
  return &reading;
}

PartitionReader::Reading& PartitionReader::reading_of(const std::string& topic, std::int32_t partition) {
  auto& reading = readings_[{topic, partition}];
  if (!reading) {
    reading = std::make_unique<Reading>();
    reading->topic = rd_kafka_topic_new(client_.handle(), topic.c_str(), nullptr);
    reading->partition = partition;
  }
  return *reading;
}

Result<Batch> PartitionReader::poll(const std::string& topic, std::int32_t partition, Position from, std::size_t limit,
                                    std::size_t most_bytes) {
  Batch batch(from);
  if (limit == 0) return batch;
  const auto started = read_from(topic, partition, from);
  if (!started) return std::unexpected(started.error());
  Reading& reading = **started;
  const auto deadline = Steady::now() + longest_wait;
  std::array<rd_kafka_message_t*, messages_at_once> messages{};
  for (std::size_t bytes = 0; batch.size() < limit && bytes < most_bytes;) {
    const bool waits = batch.empty() && (!reading.has_heard || reading.next < reading.known_end);
    // All messages taken from the queue must be returned, so take only as many as are likely to fit.
    const std::size_t likely = batch.empty() ? first_messages : (most_bytes - bytes) / (bytes / batch.size() + 1) + 1;
    const std::size_t room = std::min({limit - batch.size(), messages.size(), likely});
    const ssize_t count = rd_kafka_consume_batch_queue(reading.queue, waits ? wait_ms : 0, messages.data(), room);
    if (count < 0)
      return std::unexpected(client_.failure(fmt::format("read {}[{}]", topic, partition), rd_kafka_last_error()));
    if (count == 0 && !waits) break;
    if (count == 0 && Steady::now() > deadline)
      return std::unexpected(client_.failure(fmt::format("read {}[{}] from offset {}", topic, partition, reading.next),
                                             RD_KAFKA_RESP_ERR__TIMED_OUT));
    std::optional<Error> trouble;
    for (ssize_t i = 0; i < count; ++i) {
      const rd_kafka_message_t& message = *messages[static_cast<std::size_t>(i)];
      if (message.err == RD_KAFKA_RESP_ERR_NO_ERROR && !trouble) {
        add_message(message, batch);
        bytes += message.len;
        reading.next = message.offset + 1;
        reading.has_heard = true;
      } else if (message.err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        reading.next = std::max(reading.next, message.offset);
        reading.has_heard = true;
      } else if (message.err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET ||
                 message.err == RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE) {
        trouble = Error::permanent(
            fmt::format("{}[{}] no longer has offset {}, from which this reader has to go on: the topic's retention "
                        "has removed what was not read yet",
                        topic, partition, reading.next));
      } else if (message.err != RD_KAFKA_RESP_ERR__TRANSPORT && message.err != RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) {
        trouble = client_.failure(fmt::format("read {}[{}]", topic, partition), message.err);
      }
      rd_kafka_message_destroy(messages[static_cast<std::size_t>(i)]);
    }
    if (trouble) {
      reading.stop();  // the next poll starts at its caller's position
      return std::unexpected(*trouble);
    }
  }
  batch.pass(reading.next);
  return batch;
}

// Does not use rd_kafka_query_watermark_offsets(), which in librdkafka 2.0.2 waits for ever for a broker that has died
// meanwhile.
Result<Position> PartitionReader::ask(const std::string& topic, std::int32_t partition, std::int64_t which) {
  const std::unique_ptr<rd_kafka_topic_partition_list_t, void (*)(rd_kafka_topic_partition_list_t*)> list(
      rd_kafka_topic_partition_list_new(1), rd_kafka_topic_partition_list_destroy);
  rd_kafka_topic_partition_t* const asked = rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), partition);
  rd_kafka_resp_err_t code{};
  for (const auto deadline = Steady::now() + longest_wait;;) {
    asked->offset = which;
    code = rd_kafka_offsets_for_times(client_.handle(), list.get(), offsets_ms);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) code = asked->err;
    if (!is_passing(code) || Steady::now() > deadline) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(wait_ms));
  }
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
    return std::unexpected(client_.failure(fmt::format("ask for the offsets of {}[{}]", topic, partition), code));
  return asked->offset;
}

Result<Position> PartitionReader::begin(const std::string& topic, std::int32_t partition) {
  return ask(topic, partition, RD_KAFKA_OFFSET_BEGINNING);
}

Result<Position> PartitionReader::end(const std::string& topic, std::int32_t partition) {
  auto end = ask(topic, partition, RD_KAFKA_OFFSET_END);
  if (!end) return end;
  Reading& reading = reading_of(topic, partition);
  reading.known_end = std::max(reading.known_end, *end);
  return end;
}

Result<PartitionReader::Extent> PartitionReader::extent(const std::string& topic, std::int32_t partition) {
  const auto first = begin(topic, partition), next = end(topic, partition);
  if (!first) return std::unexpected(first.error());
  if (!next) return std::unexpected(next.error());
  return Extent{*first, *next};
}

}  // namespace tidemark
