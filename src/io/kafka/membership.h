// A worker's seat in a consumer group: which partitions are its own now.
//
//     poll ──▶ assigned {2, 3} … revoked {3} … lost {2}
//
// Partitions that nobody has for long are shared out anew: group_watch.h.
//
// It fetches nothing: what is done with a partition is done over a log of that partition, whose transactional id fences.
// So a group that believes something wrong for a while costs time, never a record.
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
  std::string topic;            // whose partitions are shared out
  std::int32_t partitions = 1;  // that it has
  std::string other_topic;      // any one, of which this group reads nothing
  std::string instance;  // who comes back under this name within the timeout gets back what it had; empty: nobody
  std::chrono::milliseconds session_timeout{10'000};  // silent for so long, it loses its partitions
};

class Membership {
 public:
  using Partitions = std::vector<std::int32_t>;
  struct Changes {
    using Told = std::function<void(const Partitions&)>;
    Told assigned = [](const Partitions&) {};   // in addition to those it has
    Told revoked = [](const Partitions&) {};    // returns when nothing of it is worked on any more
    Told ownerless = [](const Partitions&) {};  // nobody has had these for long: they are now shared out anew
  };

  // Asks for a seat. The changes are told by poll(), on its thread.
  static Result<std::unique_ptr<Membership>> join(const MembershipOptions& options, Changes changes);
  ~Membership();
  Membership(const Membership&) = delete;
  Membership& operator=(const Membership&) = delete;

  // Waits at most so long for a change. A permanent error: another process has the same instance name.
  Result<void> poll(std::chrono::milliseconds longest);
  // Gives its partitions back (revoked is told). A member with an instance name keeps its seat until the timeout.
  void leave();

 private:
  struct Seat;
  Membership(MembershipOptions options, std::unique_ptr<Seat> seat);
  void call_visitor(const Partitions& ownerless);
  void receive_visitor();

  MembershipOptions options_;
  std::unique_ptr<Seat> seat_;
  std::unique_ptr<GroupWatch> watch_;  // over the seat's client
  std::unique_ptr<Seat> visitor_;
  std::chrono::steady_clock::time_point visitor_until_;
};

}  // namespace tidemark
