// JumpWatch: finds the record that moved the watermark so far that bars behind it come late.
//
// A jump alone is nothing: a replay jumps over nights and years. Only together with late bars does it say that one bar
// was of the future, as of a source whose clock is wrong.
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
  std::string source;         // of the record that did it
  std::int64_t position = 0;  // in its source
  std::string symbol;         // empty of a heartbeat
  EventTime bar{};            // its time
  EventTime from{}, to{};     // the watermark before and behind it
  std::int64_t late = 0;      // bars that came late behind it so far
};

class JumpWatch {
 public:
  static constexpr Duration least_jump = std::chrono::hours(1);

  // To be called after a record that moved the largest event time from `before` to `after`.
  void moved(EventTime before, EventTime after, Duration delay, const Source& at, std::string_view symbol);
  // A bar came late. The jump that made it late, with its count; nothing where it would be late without a jump.
  std::optional<WatermarkJump> late(EventTime bar);
  // A bar was accepted: time has come by itself to where a jump had brought it, and more, so it need not be told any more.
  void accepted(EventTime bar) {
    if (last_ && bar > last_->bar + least_jump) last_.reset();
  }
  // The watermark was lowered: what jumped beyond is healed.
  void lowered(EventTime to);
  // The jump behind which a bar came late last, with its count by now; none once that is over.
  const std::optional<WatermarkJump>& last() const { return last_; }

  // A part of a machine's snapshot, so that a restart knows the record, too. False: those bytes were never saved.
  void save(SnapshotWriter& out) const;
  bool load(SnapshotReader& in);

 private:
  static constexpr std::size_t most_kept = 16;  // the widest

  struct Jump {
    EventTime largest_before;
    WatermarkJump told;
  };

  std::vector<Jump> jumps_;
  std::optional<WatermarkJump> last_;
};

}  // namespace tidemark
