#include "io/kafka/membership.h"

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

#include <utility>

#include "io/kafka/group_watch.h"

namespace tidemark {
namespace {

using Steady = std::chrono::steady_clock;

constexpr auto longest_goodbye = std::chrono::seconds(5);

}  // namespace

struct Membership::Seat {
  using Queue = std::unique_ptr<rd_kafka_queue_t, void (*)(rd_kafka_queue_t*)>;

  Seat(Client connected, Changes told) : client(std::move(connected)), changes(std::move(told)) {}

  static Result<std::unique_ptr<Seat>> take(const MembershipOptions& options, const std::string& topic,
                                            const std::string& instance, Changes changes);

  Client client;
  Changes changes;
  Queue queue{rd_kafka_queue_get_consumer(client.handle()), rd_kafka_queue_destroy};
  bool has_partitions = false;  // now or earlier
  bool is_leaving = false, is_gone = false;

  void rebalance(rd_kafka_event_t* event) {
    rd_kafka_topic_partition_list_t* const list = rd_kafka_event_topic_partition_list(event);
    Partitions partitions;
    for (int i = 0; i < list->cnt; ++i) partitions.push_back(list->elems[i].partition);
    if (rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
      for (int i = 0; i < list->cnt; ++i) list->elems[i].offset = RD_KAFKA_OFFSET_END;
      if (auto* const error = rd_kafka_incremental_assign(client.handle(), list)) rd_kafka_error_destroy(error);
      (void)rd_kafka_pause_partitions(client.handle(), list);
      if (!partitions.empty()) changes.assigned(partitions);
      has_partitions |= !partitions.empty();
    } else {
      if (!partitions.empty()) changes.revoked(partitions);
      if (auto* const error = rd_kafka_incremental_unassign(client.handle(), list)) rd_kafka_error_destroy(error);
    }
  }
  // Handles one event, waiting at most so long. Returns the code of an error, 0 = none.
  rd_kafka_resp_err_t serve(int longest_ms) {
    const std::unique_ptr<rd_kafka_event_t, void (*)(rd_kafka_event_t*)> event(
        rd_kafka_queue_poll(queue.get(), longest_ms), rd_kafka_event_destroy);
    if (!event) return RD_KAFKA_RESP_ERR_NO_ERROR;
    if (rd_kafka_event_type(event.get()) == RD_KAFKA_EVENT_REBALANCE) {
      rebalance(event.get());
      return RD_KAFKA_RESP_ERR_NO_ERROR;
    }
    return rd_kafka_event_error(event.get());
  }
  // The caller keeps serving until has_left().
  void leave() {
    if (std::exchange(is_leaving, true)) return;
    if (auto* const error = rd_kafka_consumer_close_queue(client.handle(), queue.get())) {
      rd_kafka_error_destroy(error);  // the member was refused, so it has no partitions to give back
      is_gone = true;
    }
  }
  bool has_left() {
    is_gone = is_gone || rd_kafka_consumer_closed(client.handle()) != 0;
    return is_gone;
  }
  // Events left in the queue hold references to partitions, and these to the connection, so destroying the client would
  // wait for ever. A member with an instance name leaves without an answer, so there are nearly always some.
  void drain() {
    while (rd_kafka_event_t* const left = rd_kafka_queue_poll(queue.get(), 0)) rd_kafka_event_destroy(left);
  }
  // Leaks the client: librdkafka 2.0.2 aborts if a client is destroyed that was elected leader of a rebalance and left
  // before finishing it. A process has only a few such clients, and they have left the group before.
  static void abandon(std::unique_ptr<Seat>& seat) {
    seat->drain();
    [[maybe_unused]] Seat* const left = seat.release();
  }
};

Result<std::unique_ptr<Membership::Seat>> Membership::Seat::take(const MembershipOptions& options,
                                                                 const std::string& topic, const std::string& instance,
                                                                 Changes changes) {
  KafkaProperties own = {{"group.id", options.group},
                         {"partition.assignment.strategy", "cooperative-sticky"},
                         {"session.timeout.ms", std::to_string(options.session_timeout.count())},
                         {"heartbeat.interval.ms", std::to_string(options.session_timeout.count() / 4)},
                         {"enable.auto.commit", "false"},
                         {"auto.offset.reset", "latest"}};
  if (!instance.empty()) own.emplace_back("group.instance.id", instance);
  auto client = Client::open(ClientKind::Member, options.cluster, own);
  if (!client) return std::unexpected(client.error());
  auto seat = std::make_unique<Seat>(std::move(*client), std::move(changes));
  const std::unique_ptr<rd_kafka_topic_partition_list_t, void (*)(rd_kafka_topic_partition_list_t*)> topics(
      rd_kafka_topic_partition_list_new(1), rd_kafka_topic_partition_list_destroy);
  rd_kafka_topic_partition_list_add(topics.get(), topic.c_str(), RD_KAFKA_PARTITION_UA);
  if (const auto code = rd_kafka_subscribe(seat->client.handle(), topics.get()))
    return std::unexpected(seat->client.failure("join the group " + options.group, code));
  return seat;
}

Membership::Membership(MembershipOptions options, std::unique_ptr<Seat> seat)
    : options_(std::move(options)),
      seat_(std::move(seat)),
      watch_(std::make_unique<GroupWatch>(seat_->client,
                                          GroupWatchOptions{.group = options_.group,
                                                            .topic = options_.topic,
                                                            .partitions = options_.partitions,
                                                            .session_timeout = options_.session_timeout})) {}

Membership::~Membership() { leave(); }

Result<std::unique_ptr<Membership>> Membership::join(const MembershipOptions& options, Changes changes) {
  auto seat = Seat::take(options, options.topic, options.instance, std::move(changes));
  if (!seat) return std::unexpected(seat.error());
  return std::unique_ptr<Membership>(new Membership(options, std::move(*seat)));
}

Result<void> Membership::poll(std::chrono::milliseconds longest) {
  const auto code = seat_->serve(static_cast<int>(longest.count()));
  if (code == RD_KAFKA_RESP_ERR__FATAL || code == RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID)
    return std::unexpected(Error::permanent(
        fmt::format("Kafka: another process has joined the group {} under the same instance name; give each its own "
                    "with --instance",
                    options_.group)));
  // The client retries after all other errors by itself.
  if (visitor_)
    receive_visitor();
  else if (const auto ownerless = watch_->look())
    call_visitor(*ownerless);
  return {};
}

// Any join triggers a rebalance. This probe subscribes to another topic, so it takes no partition.
void Membership::call_visitor(const Partitions& ownerless) {
  auto visitor = Seat::take(options_, options_.other_topic, "", {});
  if (!visitor) return;  // the next check tries again
  seat_->changes.ownerless(ownerless);
  visitor_ = std::move(*visitor);
  visitor_until_ = Steady::now() + 3 * options_.session_timeout;
}

void Membership::receive_visitor() {
  (void)visitor_->serve(0);
  const bool is_over = Steady::now() > visitor_until_;
  if (!visitor_->is_leaving && (visitor_->has_partitions || is_over)) {
    visitor_->leave();
    visitor_until_ = Steady::now() + longest_goodbye;
  } else if (visitor_->is_leaving && (visitor_->has_left() || is_over)) {
    Seat::abandon(visitor_);
  }
}

void Membership::leave() {
  if (!seat_) return;
  const auto deadline = Steady::now() + longest_goodbye;
  seat_->leave();
  if (visitor_) visitor_->leave();
  while (!(seat_->has_left() && (!visitor_ || visitor_->has_left())) && Steady::now() < deadline) {
    (void)seat_->serve(visitor_ ? 10 : 100);
    if (visitor_) (void)visitor_->serve(0);
  }
  Seat::abandon(seat_);
  if (visitor_) Seat::abandon(visitor_);
}

}  // namespace tidemark
