// The machine: records in, effects out; nothing else ever enters (contract/semantics.md §3.4).
//
//     record ─ judge ─ ahead? ─ watermark ─ close ─ count ─▶ verdict
//                │       │                    │
//                └▶ reject                    └▶ finals, by end and symbol
//
// The same records in the same order give the same effects, whatever the batches, however often it was
// saved and restored in between. One per partition; one thread.
#pragma once

#include <cstdint>
#include <optional>
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

  // One record: a line without its LF, and not blank. Decodes and applies it. `appended_at` is when it came into the log,
  // for limit_ahead(); a record that never stood in a log has none.
  void apply(std::string_view record, std::optional<EventTime> appended_at, Effects& effects) {
    apply(decoder_.decode(record), appended_at, effects);
  }
  void apply(std::string_view record, Effects& effects) { apply(record, std::nullopt, effects); }
  // The same for a record that was decoded elsewhere.
  void apply(const Decoded& decoded, std::optional<EventTime> appended_at, Effects& effects);
  void apply(const Decoded& decoded, Effects& effects) { apply(decoded, std::nullopt, effects); }
  // From here on a bar more than so many seconds later than its append time is rejected; 0: no limit
  // (contract/semantics.md §3.11).
  void limit_ahead(std::int64_t seconds) { max_ahead_ = seconds; }
  // This feed is complete up to `time`.
  void heartbeat(EventTime time, Effects& effects);
  // The watermark falls to `to`, if it is above, and the largest heartbeat to `to` + delay (contract/semantics.md §3.2). Only
  // windows that gave no final are open again. `to` is a time that can_lower_to() allows.
  void lower_watermark(EventTime to);
  // A bounded input has ended: closes all.
  void end(Effects& effects);

  // After a batch: each open window that it changed, in its latest revision. Nothing unless
  // track_changes() was called before.
  void track_changes() { engine_.track_changes(); }
  void tell_changes(Effects& effects);
  // Makes the next tell_changes() tell every open window: for who comes new.
  void mark_open_windows() { engine_.mark_open_windows(); }

  const Account& account() const { return account_; }
  const Watermark& watermark() const { return engine_.watermark(); }
  const WindowSpec& spec() const { return engine_.spec(); }
  std::int64_t max_ahead() const { return max_ahead_; }  // seconds; 0: no limit
  // The largest time of a bar that was not rejected. None before the first, and until the next one behind an older snapshot.
  std::optional<EventTime> newest_bar() const { return newest_bar_; }
  std::optional<EventTime> latest_heartbeat() const { return latest_heartbeat_; }  // the largest, as lowered since
  // The records that moved the watermark far. Whoever applies records tells it, since it knows where they stand.
  JumpWatch& jumps() { return jumps_; }
  const JumpWatch& jumps() const { return jumps_; }
  std::size_t open_symbols() const { return engine_.open_symbols(); }

  // The state as bytes, with a version and a checksum; the same for the same history.
  std::string snapshot() const;
  // A machine as it was. Refused with a sentence: bytes that are damaged, of an unknown version, or of
  // other windows than `spec`.
  static Result<Machine> restore(std::string_view snapshot, const WindowSpec& spec);
  // Of the machine that a snapshot was made of.
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
