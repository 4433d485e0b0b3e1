#include "io/kafka/group_watch.h"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

namespace tidemark {
namespace {

using Steady = std::chrono::steady_clock;

constexpr int sessions_without_an_owner = 3;
constexpr auto longest_patience = std::chrono::hours(1);

}  // namespace

struct GroupWatch::Census {
  bool is_stable = false;         // nobody is being asked to join anew
  bool has_visitor = false;       // one of the members has none of this topic, and some of another
  std::set<std::int32_t> owned;   // partitions of the topic
  std::set<std::string> members;  // their ids, without visitors
};

struct GroupWatch::Question {
  explicit Question(rd_kafka_t* handle) : queue(rd_kafka_queue_new(handle)) {}
  ~Question() { rd_kafka_queue_destroy(queue); }
  Question(const Question&) = delete;
  Question& operator=(const Question&) = delete;

  rd_kafka_queue_t* queue;
};

GroupWatch::GroupWatch(const Client& member, GroupWatchOptions options)
    : member_(member), options_(std::move(options)), next_look_(Steady::now() + options_.session_timeout) {}
GroupWatch::~GroupWatch() = default;

std::optional<std::vector<std::int32_t>> GroupWatch::look() {
  const auto now = Steady::now();
  if (!question_) {
    if (now < next_look_) return {};
    question_ = std::make_unique<Question>(member_.handle());
    const char* group = options_.group.c_str();
    rd_kafka_DescribeConsumerGroups(member_.handle(), &group, 1, nullptr, question_->queue);
    return {};
  }
  const std::optional<Census> census = answer();
  if (!question_) next_look_ = now + options_.session_timeout;
  if (!census) return {};
  std::vector<std::int32_t> ownerless;
  for (std::int32_t partition = 0; census->is_stable && partition < options_.partitions; ++partition)
    if (!census->owned.contains(partition)) ownerless.push_back(partition);
  if (ownerless.empty() || ownerless != ownerless_) {
    if (census->is_stable && ownerless.empty()) calls_ = 0;
    ownerless_ = std::move(ownerless);
    since_ = now;
    return {};
  }
  const std::unique_ptr<char, void (*)(char*)> own_id(rd_kafka_memberid(member_.handle()),
                                                      [](char* text) { rd_kafka_mem_free(nullptr, text); });
  const bool is_first = own_id && !census->members.empty() && *census->members.begin() == own_id.get();
  if (!is_first || census->has_visitor || now - since_ < patience()) return {};
  since_ = now;
  ++calls_;
  return ownerless_;
}

Steady::duration GroupWatch::patience() const {
  const auto patience = sessions_without_an_owner * options_.session_timeout * (1 << std::min(calls_, 12));
  return std::min<Steady::duration>(patience, longest_patience);
}

// None: it is still to come, or the coordinator cannot say.
std::optional<GroupWatch::Census> GroupWatch::answer() {
  const std::unique_ptr<rd_kafka_event_t, void (*)(rd_kafka_event_t*)> event(rd_kafka_queue_poll(question_->queue, 0),
                                                                             rd_kafka_event_destroy);
  if (!event) return {};
  question_.reset();
  const auto* const result = rd_kafka_event_DescribeConsumerGroups_result(event.get());
  if (result == nullptr || rd_kafka_event_error(event.get())) return {};
  std::size_t count = 0;
  const auto* const* const groups = rd_kafka_DescribeConsumerGroups_result_groups(result, &count);
  if (count != 1 || rd_kafka_ConsumerGroupDescription_error(groups[0]) != nullptr) return {};
  Census census;
  census.is_stable = rd_kafka_ConsumerGroupDescription_state(groups[0]) == RD_KAFKA_CONSUMER_GROUP_STATE_STABLE;
  for (std::size_t i = 0; i < rd_kafka_ConsumerGroupDescription_member_count(groups[0]); ++i) {
    const auto* const member = rd_kafka_ConsumerGroupDescription_member(groups[0], i);
    const auto* const assignment = rd_kafka_MemberDescription_assignment(member);
    const auto* const has = assignment == nullptr ? nullptr : rd_kafka_MemberAssignment_partitions(assignment);
    bool is_visitor = has != nullptr && has->cnt > 0;
    for (int j = 0; has != nullptr && j < has->cnt; ++j)
      if (has->elems[j].topic == std::string_view(options_.topic)) {
        census.owned.insert(has->elems[j].partition);
        is_visitor = false;
      }
    census.has_visitor |= is_visitor;
    if (!is_visitor) census.members.insert(rd_kafka_MemberDescription_consumer_id(member));
  }
  return census;
}

}  // namespace tidemark
