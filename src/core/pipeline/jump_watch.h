// JumpWatch: finds the record that moved the watermark so far that later bars are late.
//
// A jump alone means nothing: a replay jumps over nights and years. A jump followed by late bars means that one bar
// came from the future, for example from a source with a wrong clock.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time/time.h"
#include "core/wire/reject.h"

namespace tidemark {

class SnapshotReader;
class SnapshotWriter;

struct WatermarkJump {
  std::string source;         // of the record that caused the jump
  std::int64_t position = 0;  // in its source
  std::string symbol;         // empty for a heartbeat
  EventTime bar{};            // its time
  EventTime from{}, to{};     // the watermark before and after it
  std::int64_t late = 0;      // bars that were late because of it, so far
};

class JumpWatch {
 public:
  static constexpr Duration least_jump = std::chrono::hours(1);

  // Call it after a record that moved the largest event time from `before` to `after`.
  void moved(EventTime before, EventTime after, Duration delay, const Source& at, std::string_view symbol);
  // Call it for each late bar. Returns the jump that made the bar late, with its count; empty if no jump did.
  std::optional<WatermarkJump> late(EventTime bar);
  // Call it for each accepted bar. Once time itself has passed the target of a jump, the jump is no longer reported.
  void accepted(EventTime bar) {
    if (last_ && bar > last_->bar + least_jump) last_.reset();
  }
  // The watermark was lowered. Jumps that went beyond `to` are healed.
  void lowered(EventTime to);
  // The jump that most recently made a bar late, with its current count; empty once it is over.
  const std::optional<WatermarkJump>& last() const { return last_; }

  // Part of a machine's snapshot, so that a restart knows the jumps. False: the bytes were never saved like this.
  void save(SnapshotWriter& out) const;
  bool load(SnapshotReader& in);

 private:
  static constexpr std::size_t most_kept = 16;  // the widest ones

  struct Jump {
    EventTime largest_before;
    WatermarkJump report;
  };

  std::vector<Jump> jumps_;
  std::optional<WatermarkJump> last_;
};

}  // namespace tidemark
