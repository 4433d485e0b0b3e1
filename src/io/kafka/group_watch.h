// Partitions of a consumer group that nobody has.
//
// A member that was killed while it gave a partition back, and comes back under its instance name within the session, is given
// by the brokers what it had left, and nobody is told. What it gave back is nobody's until somebody comes or goes.
//
//     census, once a session timeout ─▶ the same ones without an owner for three of them ─▶ one member is to do something
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
  // Asks over a member's client, which must outlive it.
  GroupWatch(const Client& member, GroupWatchOptions options);

  // Partitions that have had no owner for long, when this member is the one that is to do something; after that it is patient for
  // twice as long, up to an hour, until all have one. Where brokers do not answer, it waits for half a second each session timeout.
  std::optional<std::vector<std::int32_t>> look();

 private:
  struct Census;
  std::optional<Census> census() const;
  std::chrono::steady_clock::duration patience() const;

  const Client& member_;
  GroupWatchOptions options_;
  std::chrono::steady_clock::time_point next_look_, since_;
  std::vector<std::int32_t> ownerless_;  // since then
  int calls_ = 0;                        // since all had an owner
};

}  // namespace tidemark
