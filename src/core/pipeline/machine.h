// The machine: records in, effects out. It has no other input (contract/semantics.md §3.4).
//
//     record ─ check ─ ahead? ─ watermark ─ close ─ count ─▶ verdict
//                │       │                    │
//                └▶ reject                    └▶ finals, by end and symbol
//
// The same records in the same order give the same effects, whatever the batches are, and however often the machine is
// saved and restored in between. One per partition; one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/pipeline/account.h"
#include "core/pipeline/effects.h"
#include "core/pipeline/jump_watch.h"
#include "core/result.h"
#include "core/stream/window_engine.h"
#include "core/wire/decode.h"

namespace tidemark {

class Machine {
 public:
  explicit Machine(const WindowSpec& spec) : engine_(spec) {}

  // Decodes and applies one record: a line without its LF that is not blank. `appended_at` is when it was appended to
  // the log, for limit_ahead(); empty for a record that was never in a log.
  void apply(std::string_view record, std::optional<EventTime> appended_at, Effects& effects) {
    apply(decoder_.decode(record), appended_at, effects);
  }
  void apply(std::string_view record, Effects& effects) { apply(record, std::nullopt, effects); }
  // The same for a record that was decoded elsewhere.
  void apply(const Decoded& decoded, std::optional<EventTime> appended_at, Effects& effects);
  void apply(const Decoded& decoded, Effects& effects) { apply(decoded, std::nullopt, effects); }
  // Cache hint: these bars will be applied soon. At most WindowEngine::most_prefetched.
  void prefetch(std::span<const Bar* const> bars) const { engine_.prefetch(bars); }
  // From here on, a bar more than this many seconds later than its append time is rejected; 0: no limit
  // (contract/semantics.md §3.11).
  void limit_ahead(std::int64_t seconds) { max_ahead_ = seconds; }
  // The feed is complete up to `time`.
  void heartbeat(EventTime time, Effects& effects);
  // Lowers the watermark to `to` if it is above it, and the largest heartbeat to at most `to` + delay
  // (contract/semantics.md §3.2). Only windows that gave no final open again. can_lower_to(`to`) must hold.
  void lower_watermark(EventTime to);
  // A bounded input has ended: closes all windows.
  void end(Effects& effects);

  // After a batch: emits each open window that the batch changed, in its latest revision. Emits nothing unless
  // track_changes() was called before.
  void track_changes() { engine_.track_changes(); }
  void emit_changes(Effects& effects);
  // Makes the next emit_changes() emit every open window, for a new subscriber.
  void mark_open_windows() { engine_.mark_open_windows(); }

  const Account& account() const { return account_; }
  const Watermark& watermark() const { return engine_.watermark(); }
  const WindowSpec& spec() const { return engine_.spec(); }
  std::int64_t max_ahead() const { return max_ahead_; }  // seconds; 0: no limit
  // The largest time of a bar that was not rejected. Empty before the first one, and after restoring an older snapshot.
  std::optional<EventTime> newest_bar() const { return newest_bar_; }
  // The largest heartbeat time, unless it was lowered since.
  std::optional<EventTime> latest_heartbeat() const { return latest_heartbeat_; }
  // The records that moved the watermark far. The caller of apply() reports them, because it knows their positions.
  JumpWatch& jumps() { return jumps_; }
  const JumpWatch& jumps() const { return jumps_; }
  std::size_t open_symbols() const { return engine_.open_symbols(); }

  // The state as bytes, with a version and a checksum. The same history gives the same bytes.
  std::string snapshot() const;
  // Restores a machine from a snapshot. Fails for bytes that are damaged, have an unknown version, or belong to windows
  // other than `spec`.
  static Result<Machine> restore(std::string_view snapshot, const WindowSpec& spec);
  // The window spec of the machine that made the snapshot.
  static Result<WindowSpec> spec_of(std::string_view snapshot);

 private:
  void apply(const Bar& bar, std::optional<EventTime> appended_at, Effects& effects);
  bool is_ahead_of_feed(EventTime bar, std::optional<EventTime> appended_at) const;
  void reject(const Reject& reject, Effects& effects);

  Decoder decoder_;
  WindowEngine engine_;
  std::optional<EventTime> latest_heartbeat_, newest_bar_;
  std::int64_t max_ahead_ = 0;  // seconds; 0: no limit
  Account account_;
  JumpWatch jumps_;
};

}  // namespace tidemark
