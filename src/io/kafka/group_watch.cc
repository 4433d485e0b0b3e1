#include "io/kafka/group_watch.h"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <memory>
#include <set>
#include <span>
#include <string_view>
#include <utility>

namespace tidemark {
namespace {

using Steady = std::chrono::steady_clock;

constexpr int sessions_without_an_owner = 3;
constexpr auto longest_patience = std::chrono::hours(1);
constexpr auto longest_question = std::chrono::milliseconds(500);

// Reads the assignment of a member as consumers encode it: a version, topics with their partitions, and data of the
// assignor. It is empty before the first assignment.
class AssignmentReader {
 public:
  explicit AssignmentReader(const rd_kafka_group_member_info& member)
      : bytes_(static_cast<const unsigned char*>(member.member_assignment),
               static_cast<std::size_t>(member.member_assignment_size)) {}

  // Adds the partitions of this topic to `owned`. True if there are any.
  bool add_partitions(std::string_view topic, std::set<std::int32_t>& owned) {
    if (bytes_.empty()) return false;
    bool has_some = false;
    (void)number(2);
    for (std::int32_t topics = number(4); topics > 0 && is_whole_; --topics) {
      const bool is_ours = text() == topic;
      for (std::int32_t count = number(4); count > 0 && is_whole_; --count) {
        const std::int32_t partition = number(4);
        has_any_ = true;
        has_some |= is_ours;
        if (is_ours && is_whole_) owned.insert(partition);
      }
    }
    return has_some;
  }
  bool has_any() const { return has_any_; }
  bool is_whole() const { return is_whole_; }

 private:
  std::int32_t number(std::size_t size) {
    std::uint32_t value = 0;
    for (const unsigned char byte : take(size)) value = value << 8 | byte;
    return static_cast<std::int32_t>(value);
  }
  std::string_view text() {
    const auto letters = take(static_cast<std::size_t>(number(2)));
    return {reinterpret_cast<const char*>(letters.data()), letters.size()};
  }
  std::span<const unsigned char> take(std::size_t size) {
    is_whole_ = is_whole_ && size <= bytes_.size();
    const auto taken = bytes_.first(is_whole_ ? size : 0);
    bytes_ = bytes_.subspan(taken.size());
    return taken;
  }

  std::span<const unsigned char> bytes_;
  bool is_whole_ = true, has_any_ = false;
};

}  // namespace

struct GroupWatch::Census {
  bool is_stable = false;         // no rebalance is under way
  bool has_visitor = false;       // a rebalance probe, which has no partition of this topic, is a member
  std::set<std::int32_t> owned;   // partitions of the topic
  std::set<std::string> members;  // member ids, without probes
};

GroupWatch::GroupWatch(const Client& member, GroupWatchOptions options)
    : member_(member), options_(std::move(options)), next_look_(Steady::now() + options_.session_timeout) {}

std::optional<std::vector<std::int32_t>> GroupWatch::look() {
  if (Steady::now() < next_look_) return {};
  const std::optional<Census> found = census();
  const auto now = Steady::now();
  next_look_ = now + options_.session_timeout;
  if (!found) return {};
  std::vector<std::int32_t> ownerless;
  for (std::int32_t partition = 0; found->is_stable && partition < options_.partitions; ++partition)
    if (!found->owned.contains(partition)) ownerless.push_back(partition);
  if (ownerless.empty() || ownerless != ownerless_) {
    if (found->is_stable && ownerless.empty()) calls_ = 0;
    ownerless_ = std::move(ownerless);
    since_ = now;
    return {};
  }
  const std::unique_ptr<char, void (*)(char*)> own_id(rd_kafka_memberid(member_.handle()),
                                                      [](char* text) { rd_kafka_mem_free(nullptr, text); });
  const bool is_first = own_id && !found->members.empty() && *found->members.begin() == own_id.get();
  if (!is_first || found->has_visitor || now - since_ < patience()) return {};
  since_ = now;
  ++calls_;
  return ownerless_;
}

Steady::duration GroupWatch::patience() const {
  const auto patience = sessions_without_an_owner * options_.session_timeout * (1 << std::min(calls_, 12));
  return std::min<Steady::duration>(patience, longest_patience);
}

// None if the answer is incomplete.
std::optional<GroupWatch::Census> GroupWatch::census() const {
  // Does not use rd_kafka_DescribeConsumerGroups(), because librdkafka 2.0.2 aborts if the coordinator goes away
  // meanwhile.
  const rd_kafka_group_list* list = nullptr;
  (void)rd_kafka_list_groups(member_.handle(), options_.group.c_str(), &list,
                             static_cast<int>(longest_question.count()));
  const std::unique_ptr<const rd_kafka_group_list, void (*)(const rd_kafka_group_list*)> groups(
      list, rd_kafka_group_list_destroy);
  if (!groups || groups->group_cnt != 1 || groups->groups[0].err) return {};
  const rd_kafka_group_info& group = groups->groups[0];
  Census census{
      .is_stable = std::string_view(group.state) == "Stable", .has_visitor = false, .owned = {}, .members = {}};
  for (const rd_kafka_group_member_info& member :
       std::span(group.members, static_cast<std::size_t>(group.member_cnt))) {
    AssignmentReader assignment(member);
    const bool has_ours = assignment.add_partitions(options_.topic, census.owned);
    if (!assignment.is_whole()) return {};
    const bool is_visitor = !has_ours && assignment.has_any();
    census.has_visitor |= is_visitor;
    if (!is_visitor) census.members.insert(member.member_id);
  }
  return census;
}

}  // namespace tidemark
