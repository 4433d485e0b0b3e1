// The most recent messages of the live stream, for a client that reconnects and needs only what it missed.
//
// Pure, and on the server's thread. Frames are shared with the clients that still have to write them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "io/serve/outbox.h"

namespace tidemark {

class RecentMessages {
 public:
  explicit RecentMessages(std::size_t most_bytes) : most_bytes_(most_bytes) {}

  // Each sequence is one more than the last; any other starts again.
  void add(std::int64_t sequence, Frame frame);
  // All messages after `sequence`, oldest first; empty if they are not all known up to `newest`.
  std::optional<std::vector<Frame>> since(std::int64_t sequence, std::int64_t newest) const;

 private:
  std::size_t most_bytes_;
  std::size_t bytes_ = 0;
  std::int64_t first_ = 0;  // the sequence of the oldest frame
  std::deque<Frame> frames_;
};

}  // namespace tidemark
