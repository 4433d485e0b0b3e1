// GroupWatch: finds partitions of a consumer group that have no owner.
//
// Suppose a member is killed while it gives a partition back, and rejoins under its instance name within the session.
// The brokers then return its remaining partitions without a rebalance, and the partition that it gave back has no
// owner until some member joins or leaves.
//
//     ownership check, once a session timeout ─▶ the same partitions ownerless three times ─▶ one member is told to act
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "io/kafka/client.h"

namespace tidemark {

struct GroupWatchOptions {
  std::string group;
  std::string topic;
  std::int32_t partitions = 1;
  std::chrono::milliseconds session_timeout{};
};

class GroupWatch {
 public:
  // Uses the member's client, which must outlive it.
  GroupWatch(const Client& member, GroupWatchOptions options);

  // Returns the partitions that have been without an owner for too long, if this member is the one that has to act.
  // Each time doubles the waiting time, up to an hour, until all partitions have an owner. If the brokers do not
  // answer, it blocks for half a second per session timeout.
  std::optional<std::vector<std::int32_t>> look();

 private:
  struct Census;
  std::optional<Census> census() const;
  std::chrono::steady_clock::duration patience() const;

  const Client& member_;
  GroupWatchOptions options_;
  std::chrono::steady_clock::time_point next_look_, since_;
  std::vector<std::int32_t> ownerless_;  // since `since_`
  int calls_ = 0;                        // since all partitions had an owner
};

}  // namespace tidemark
