// Membership: a worker's membership in a consumer group, which tells which partitions it owns.
//
//     poll ──▶ assigned {2, 3} … revoked {3} … lost {2}
//
// Partitions that stay without an owner are reassigned: group_watch.h.
//
// It fetches nothing: the work on a partition goes through a log of that partition, whose transactional id fences. So a
// wrong assignment costs time, never a record.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/result.h"
#include "io/kafka/client.h"

namespace tidemark {

class GroupWatch;

struct MembershipOptions {
  KafkaCluster cluster;
  std::string group;
  std::string topic;            // the topic whose partitions are assigned
  std::int32_t partitions = 1;  // its number of partitions
  std::string other_topic;      // any topic that this group does not read, for the rebalance probe
  std::string instance;  // a member that rejoins under this name within the timeout keeps its partitions; empty: none
  std::chrono::milliseconds session_timeout{10'000};  // after this silence it loses its partitions
};

class Membership {
 public:
  using Partitions = std::vector<std::int32_t>;
  struct Changes {
    using Told = std::function<void(const Partitions&)>;
    Told assigned = [](const Partitions&) {};   // in addition to those it owns
    Told revoked = [](const Partitions&) {};    // returns when work on them has stopped
    Told ownerless = [](const Partitions&) {};  // these had no owner for too long; a rebalance starts now
  };

  // Joins the group. The changes are called by poll(), on its thread.
  static Result<std::unique_ptr<Membership>> join(const MembershipOptions& options, Changes changes);
  ~Membership();
  Membership(const Membership&) = delete;
  Membership& operator=(const Membership&) = delete;

  // Waits at most so long for a change. A permanent error means that another process has the same instance name.
  Result<void> poll(std::chrono::milliseconds longest);
  // Gives its partitions back (calls `revoked`). A member with an instance name stays in the group until the timeout.
  void leave();

 private:
  struct Seat;
  Membership(MembershipOptions options, std::unique_ptr<Seat> seat);
  void call_visitor(const Partitions& ownerless);
  void receive_visitor();

  MembershipOptions options_;
  std::unique_ptr<Seat> seat_;
  std::unique_ptr<GroupWatch> watch_;  // uses the member's client
  std::unique_ptr<Seat> visitor_;
  std::chrono::steady_clock::time_point visitor_until_;
};

}  // namespace tidemark
