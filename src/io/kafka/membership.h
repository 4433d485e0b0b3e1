// A worker's seat in a consumer group: which partitions are its own now.
//
//     poll ──▶ assigned {2, 3} … revoked {3} … lost {2}
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

struct MembershipOptions {
  KafkaCluster cluster;
  std::string group;
  std::string topic;     // whose partitions are shared out
  std::string instance;  // who comes back under this name within the timeout gets back what it had; empty: nobody
  std::chrono::milliseconds session_timeout{10'000};  // silent for so long, it loses its partitions
};

class Membership {
 public:
  using Partitions = std::vector<std::int32_t>;
  struct Changes {
    std::function<void(const Partitions&)> assigned;  // in addition to those it has
    std::function<void(const Partitions&)> revoked;   // returns when nothing of it is worked on any more
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
  explicit Membership(std::unique_ptr<Seat> seat);
  std::unique_ptr<Seat> seat_;
};

}  // namespace tidemark
