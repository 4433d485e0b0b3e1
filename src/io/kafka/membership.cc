#include "io/kafka/membership.h"

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

#include <utility>

namespace tidemark {
namespace {

constexpr auto longest_goodbye = std::chrono::seconds(5);

}  // namespace

struct Membership::Seat {
  using Queue = std::unique_ptr<rd_kafka_queue_t, void (*)(rd_kafka_queue_t*)>;

  Seat(Client connected, Changes told, std::string name)
      : client(std::move(connected)), changes(std::move(told)), group(std::move(name)) {}

  Client client;
  Changes changes;
  std::string group;
  Queue queue{rd_kafka_queue_get_consumer(client.handle()), rd_kafka_queue_destroy};
  bool has_left = false;

  void rebalance(rd_kafka_event_t* event) const {
    rd_kafka_topic_partition_list_t* const list = rd_kafka_event_topic_partition_list(event);
    Partitions partitions;
    for (int i = 0; i < list->cnt; ++i) partitions.push_back(list->elems[i].partition);
    if (rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
      for (int i = 0; i < list->cnt; ++i) list->elems[i].offset = RD_KAFKA_OFFSET_END;
      if (auto* const error = rd_kafka_incremental_assign(client.handle(), list)) rd_kafka_error_destroy(error);
      (void)rd_kafka_pause_partitions(client.handle(), list);
      if (!partitions.empty()) changes.assigned(partitions);
    } else {
      if (!partitions.empty()) changes.revoked(partitions);
      if (auto* const error = rd_kafka_incremental_unassign(client.handle(), list)) rd_kafka_error_destroy(error);
    }
  }
  // What has come within so long; the code of an error, 0 = none.
  rd_kafka_resp_err_t serve(int longest_ms) const {
    const std::unique_ptr<rd_kafka_event_t, void (*)(rd_kafka_event_t*)> event(
        rd_kafka_queue_poll(queue.get(), longest_ms), rd_kafka_event_destroy);
    if (!event) return RD_KAFKA_RESP_ERR_NO_ERROR;
    if (rd_kafka_event_type(event.get()) == RD_KAFKA_EVENT_REBALANCE) {
      rebalance(event.get());
      return RD_KAFKA_RESP_ERR_NO_ERROR;
    }
    return rd_kafka_event_error(event.get());
  }
};

Membership::Membership(std::unique_ptr<Seat> seat) : seat_(std::move(seat)) {}
// The client of a member is left where it is: librdkafka 2.0.2 aborts when one is destroyed that was chosen to share out the
// partitions and has left before it did. A process has one or two in its life, and has left the group before its end.
Membership::~Membership() {
  leave();
  [[maybe_unused]] Seat* const left = seat_.release();
}

Result<std::unique_ptr<Membership>> Membership::join(const MembershipOptions& options, Changes changes) {
  KafkaProperties own = {{"group.id", options.group},
                         {"partition.assignment.strategy", "cooperative-sticky"},
                         {"session.timeout.ms", std::to_string(options.session_timeout.count())},
                         {"heartbeat.interval.ms", std::to_string(options.session_timeout.count() / 4)},
                         {"enable.auto.commit", "false"},
                         {"auto.offset.reset", "latest"}};
  if (!options.instance.empty()) own.emplace_back("group.instance.id", options.instance);
  auto client = Client::open(ClientKind::Member, options.cluster, own);
  if (!client) return std::unexpected(client.error());
  auto seat = std::make_unique<Seat>(std::move(*client), std::move(changes), options.group);
  rd_kafka_t* const handle = seat->client.handle();
  const std::unique_ptr<rd_kafka_topic_partition_list_t, void (*)(rd_kafka_topic_partition_list_t*)> topics(
      rd_kafka_topic_partition_list_new(1), rd_kafka_topic_partition_list_destroy);
  rd_kafka_topic_partition_list_add(topics.get(), options.topic.c_str(), RD_KAFKA_PARTITION_UA);
  if (const auto code = rd_kafka_subscribe(handle, topics.get()))
    return std::unexpected(seat->client.failure("join the group " + options.group, code));
  return std::unique_ptr<Membership>(new Membership(std::move(seat)));
}

Result<void> Membership::poll(std::chrono::milliseconds longest) {
  const auto code = seat_->serve(static_cast<int>(longest.count()));
  if (code == RD_KAFKA_RESP_ERR__FATAL || code == RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID)
    return std::unexpected(Error::permanent(
        fmt::format("Kafka: another process has joined the group {} under the same instance name; give each its own "
                    "with --instance",
                    seat_->group)));
  return {};  // of anything else the client tries again by itself, and its error callback has told
}

void Membership::leave() {
  if (!seat_ || std::exchange(seat_->has_left, true)) return;
  rd_kafka_t* const handle = seat_->client.handle();
  const auto deadline = std::chrono::steady_clock::now() + longest_goodbye;
  if (auto* const error = rd_kafka_consumer_close_queue(handle, seat_->queue.get()))
    rd_kafka_error_destroy(error);  // it was refused, and has nothing to give back
  else
    while (rd_kafka_consumer_closed(handle) == 0 && std::chrono::steady_clock::now() < deadline)
      (void)seat_->serve(100);
  // What is still in the queue holds on to partitions, and they to the connection: librdkafka's end would wait for ever. A
  // member with an instance name has said no goodbye that somebody answered, so there is something nearly each time.
  while (rd_kafka_event_t* const left = rd_kafka_queue_poll(seat_->queue.get(), 0)) rd_kafka_event_destroy(left);
}

}  // namespace tidemark
