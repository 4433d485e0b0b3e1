#include "io/kafka/group_census.h"

#include <librdkafka/rdkafka.h>

#include <memory>
#include <span>

namespace tidemark {
namespace {

// What a member was assigned, as consumers encode it: version, topics with their partitions, and words of the assignor.
class AssignmentReader {
 public:
  explicit AssignmentReader(std::span<const unsigned char> bytes) : bytes_(bytes) {}

  std::int16_t int16() { return static_cast<std::int16_t>(number(2)); }
  std::int32_t int32() { return static_cast<std::int32_t>(number(4)); }
  std::string_view text() {
    const auto length = static_cast<std::size_t>(std::max<std::int16_t>(0, int16()));
    if (length > bytes_.size()) return fail();
    const std::string_view found(reinterpret_cast<const char*>(bytes_.data()), length);
    bytes_ = bytes_.subspan(length);
    return found;
  }
  bool is_whole() const { return is_whole_; }

 private:
  std::uint32_t number(std::size_t size) {
    if (size > bytes_.size()) return fail(), 0;
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < size; ++i) value = value << 8 | bytes_[i];
    bytes_ = bytes_.subspan(size);
    return value;
  }
  std::string_view fail() {
    is_whole_ = false;
    bytes_ = {};
    return {};
  }

  std::span<const unsigned char> bytes_;
  bool is_whole_ = true;
};

void add_partitions(AssignmentReader member, std::string_view topic, std::set<std::int32_t>& owned) {
  (void)member.int16();
  for (std::int32_t topics = member.int32(); topics > 0 && member.is_whole(); --topics) {
    const bool is_ours = member.text() == topic;
    for (std::int32_t count = member.int32(); count > 0 && member.is_whole(); --count)
      if (const std::int32_t partition = member.int32(); is_ours && member.is_whole()) owned.insert(partition);
  }
}

}  // namespace

Result<GroupCensus> census_of(const Client& client, const std::string& group, std::string_view topic,
                              std::chrono::milliseconds longest) {
  const rd_kafka_group_list* list = nullptr;
  const auto code = rd_kafka_list_groups(client.handle(), group.c_str(), &list, static_cast<int>(longest.count()));
  const std::unique_ptr<const rd_kafka_group_list, void (*)(const rd_kafka_group_list*)> groups(
      list, rd_kafka_group_list_destroy);
  if (!groups || groups->group_cnt != 1 || groups->groups[0].err)
    return std::unexpected(client.failure("ask who is in the group " + group, code));
  const rd_kafka_group_info& found = groups->groups[0];
  GroupCensus census{.is_stable = std::string_view(found.state) == "Stable", .owned = {}};
  for (const rd_kafka_group_member_info& member : std::span(found.members, static_cast<std::size_t>(found.member_cnt)))
    add_partitions(AssignmentReader({static_cast<const unsigned char*>(member.member_assignment),
                                     static_cast<std::size_t>(member.member_assignment_size)}),
                   topic, census.owned);
  return census;
}

}  // namespace tidemark
