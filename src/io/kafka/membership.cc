#include "io/kafka/membership.h"

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

#include <set>
#include <utility>

#include "io/kafka/group_census.h"

namespace tidemark {
namespace {

constexpr auto longest_goodbye = std::chrono::seconds(5);
constexpr auto longest_census = std::chrono::seconds(3);

}  // namespace

struct Membership::Seat {
  using Queue = std::unique_ptr<rd_kafka_queue_t, void (*)(rd_kafka_queue_t*)>;

  Seat(Client connected, Changes told, std::string name)
      : client(std::move(connected)), changes(std::move(told)), group(std::move(name)) {}

  Client client;
  Changes changes;
  std::string group;
  Queue queue{rd_kafka_queue_get_consumer(client.handle()), rd_kafka_queue_destroy};
  std::set<std::int32_t> own;
  bool has_left = false;

  void rebalance(rd_kafka_event_t* event) {
    rd_kafka_topic_partition_list_t* const list = rd_kafka_event_topic_partition_list(event);
    Partitions partitions;
    for (int i = 0; i < list->cnt; ++i) partitions.push_back(list->elems[i].partition);
    if (rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
      for (int i = 0; i < list->cnt; ++i) list->elems[i].offset = RD_KAFKA_OFFSET_END;
      if (auto* const error = rd_kafka_incremental_assign(client.handle(), list)) rd_kafka_error_destroy(error);
      (void)rd_kafka_pause_partitions(client.handle(), list);
      own.insert(partitions.begin(), partitions.end());
      if (!partitions.empty()) changes.assigned(partitions);
    } else {
      for (const std::int32_t partition : partitions) own.erase(partition);
      if (!partitions.empty()) changes.revoked(partitions);
      if (auto* const error = rd_kafka_incremental_unassign(client.handle(), list)) rd_kafka_error_destroy(error);
    }
  }
  // What has come within so long; the code of an error, 0 = none.
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
};

Membership::Membership(MembershipOptions options, std::unique_ptr<Seat> seat)
    : options_(std::move(options)),
      seat_(std::move(seat)),
      next_look_(std::chrono::steady_clock::now() + options_.session_timeout) {}
// The client of a member is left where it is: librdkafka 2.0.2 aborts when one is destroyed that was chosen to share out the
// partitions and has left before it did. A process has a few in its life, and has left the group before its end.
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
  return std::unique_ptr<Membership>(new Membership(options, std::move(seat)));
}

Result<void> Membership::poll(std::chrono::milliseconds longest) {
  const auto code = seat_->serve(static_cast<int>(longest.count()));
  if (code == RD_KAFKA_RESP_ERR__FATAL || code == RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID)
    return std::unexpected(Error::permanent(
        fmt::format("Kafka: another process has joined the group {} under the same instance name; give each its own "
                    "with --instance",
                    seat_->group)));
  // Of anything else the client tries again by itself, and its error callback has told.
  visitor_ ? receive_visitor() : look_for_ownerless();
  return {};
}

// A member that was killed right after it gave a partition back, before it joined anew, and comes back under its name within
// the timeout, is given what it had by the broker, and nobody is told. What it gave back would then be nobody's until
// somebody comes or goes.
void Membership::look_for_ownerless() {
  const auto now = std::chrono::steady_clock::now();
  if (now < next_look_) return;
  const auto census = census_of(seat_->client, options_.group, options_.topic, longest_census);
  next_look_ = std::chrono::steady_clock::now() + options_.session_timeout;
  Partitions ownerless;
  for (std::int32_t partition = 0; census && census->is_stable && partition < options_.partitions; ++partition)
    if (!census->owned.contains(partition)) ownerless.push_back(partition);
  const bool is_so_again = ownerless == std::exchange(ownerless_, ownerless);
  if (ownerless.empty() || !is_so_again) return;
  // One does it: who has the first that somebody has.
  if (census->owned.empty() || seat_->own.contains(*census->owned.begin())) call_visitor(ownerless);
}

// Who joins lets all partitions be shared out anew. One that asks for none of ours takes none from anybody.
void Membership::call_visitor(const Partitions& ownerless) {
  seat_->changes.ownerless(ownerless);
  MembershipOptions visit = options_;
  visit.topic = options_.other_topic;
  visit.instance.clear();
  auto joined = join(visit, {.assigned = [](const Partitions&) {}, .revoked = [](const Partitions&) {}});
  if (!joined) return;  // it is looked at again
  visitor_ = std::move(*joined);
  visitor_until_ = std::chrono::steady_clock::now() + 3 * options_.session_timeout;
}

void Membership::receive_visitor() {
  (void)visitor_->seat_->serve(0);
  if (!visitor_->seat_->own.empty() || std::chrono::steady_clock::now() > visitor_until_) visitor_.reset();
}

void Membership::leave() {
  visitor_.reset();
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
