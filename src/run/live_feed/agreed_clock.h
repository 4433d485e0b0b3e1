// AgreedClock: the time to believe when clocks may jump, be wrong from the start, or lie.
//
//     steady   ────────────────────────────▶   counts since boot, also during sleep; cannot be set
//     wall     ───────────╱ + 3 h              may jump, may be wrong from the start
//     server   · · Date · · · Date · · Date    may lie; precise to a second and half of the round trip
//     bars     ─ end ─ end ─ end ─ end ─       a bar arrives when its minute is over: a lower bound for the time
//
// The believed time advances with the steady clock. It jumps only where two of the other clocks agree:
//
//     wall and server, wall and bars, server and bars    in this order; the first agreeing pair is believed
//     the believed time and server or bars               it stays, whatever the wall clock shows
//     no two clocks ever agreed                          the earlier of wall and server: closes no window too early
//     only the wall clock is known                       a jump back is believed after ten minutes; a jump forward
//                                                        never, because it could close windows of bars to come
//
// Times before 2020 and from 2100 on are ignored, as if the clock were silent. Pure: every time is an argument. One
// thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "core/time/time.h"

namespace tidemark {

struct ClockEvent {
  enum class Kind : std::uint8_t {
    WallJumped,       // `by` ahead of the believed time; reported once, and not believed
    WallReturned,     // it agrees again
    Believed,         // the believed time moved `by`, `because`
    ServerDisagrees,  // its clock is `by` ahead of the believed time
    ServerAbsurd,     // it shows an impossible time
  };
  Kind kind;
  Duration by{};
  std::string_view because;
};

class AgreedClock {
 public:
  static constexpr Duration tolerance = std::chrono::seconds(2);  // of the wall clock: more is a jump
  static constexpr Duration of_server = std::chrono::seconds(5);  // a server and another clock agree if this close
  static constexpr Duration bars_behind =
      std::chrono::seconds(15);  // a bar may arrive this long after its minute's end
  static constexpr Duration alone_after = std::chrono::minutes(10);

  enum class Forward : std::uint8_t { NeverAlone, AloneToo };
  // AloneToo: for a source that makes its bars by this clock, so that none can be late. A jump forward is believed like
  // a jump back.
  explicit AgreedClock(Forward forward = Forward::NeverAlone) : forward_(forward) {}

  // What the wall clock shows now. `steady` is an instant of the steady clock, here and below.
  void look(EventTime steady, EventTime wall);
  // What the server's clock showed in a response, with the instants of the request and the response.
  void server_said(EventTime date, EventTime asked, EventTime answered);
  // A live bar arrived whose interval ended at `end`.
  void bar_ended(EventTime end, EventTime steady);

  // Whether any clock has shown a time. at() is meaningless before.
  bool is_known() const { return believed_.has_value(); }
  EventTime at(EventTime steady) const;
  // How far the wall clock is ahead of the believed time.
  std::optional<Duration> wall_ahead() const;
  bool wall_is_believed() const;
  // Whether the server should be asked: the wall clock disagrees, or no two clocks ever agreed.
  bool needs_server() const { return !is_confirmed_ || !wall_is_believed(); }

  // The events since the last call, oldest first.
  std::vector<ClockEvent> take_events() { return std::exchange(events_, {}); }

 private:
  // An offset is the time that a clock shows minus the steady time.
  struct Heard {
    Duration offset;
    EventTime at;       // steady
    Duration unsure{};  // of a server's time
  };
  struct Choice {
    Duration offset;
    bool is_confirmed;
    std::string_view because;
  };

  void decide(EventTime steady);
  std::optional<Choice> choose(EventTime steady) const;
  Choice choose_again(EventTime steady, Duration believed) const;
  bool server_agrees(Duration offset) const;
  bool bars_agree(Duration offset) const;
  void report(std::optional<Duration> before, const Choice& choice);
  void report_wall(bool has_moved);
  void report_server();

  Forward forward_;
  std::optional<Duration> shown_, wall_;  // of the wall clock: whatever it shows; only if it is plausible
  EventTime wall_since_{};                // steady: it has not jumped since
  std::optional<Heard> server_, bars_;
  std::optional<Duration> believed_;
  bool is_confirmed_ = false;  // two clocks have agreed at some time
  std::optional<Duration> reported_wall_, reported_server_;
  bool reported_absurd_ = false;
  std::vector<ClockEvent> events_;
};

}  // namespace tidemark
