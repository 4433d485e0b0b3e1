// AgreedClock: the time that is believed, where clocks may jump, be wrong from the start, or lie.
//
//     steady   ────────────────────────────▶   counts since boot, asleep too; nobody can set it
//     wall     ───────────╱ + 3 h              may jump, may be wrong from the start
//     server   · · Date · · · Date · · Date    may lie; known to a second and half of its answer's way
//     bars     ─ end ─ end ─ end ─ end ─       a bar comes when its minute is over: the time is at least that
//
// What is believed goes on by the steady clock. It moves only where two of the others agree:
//
//     wall and server, wall and bars, server and bars    in this order; the first pair that agrees is believed
//     what is believed, and server or bars               stays, whatever the wall shows
//     nobody ever agreed                                 the least of wall and server, which closes no window too early
//     nobody but the wall is heard                       a jump back that has stood for ten minutes is believed; a jump
//                                                        forward never is, since it could close windows of bars to come
//
// Times before 2020 and from 2100 on are no times: whoever shows one counts as silent. Pure: every time is handed in. One thread.
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
    WallJumped,       // `by` ahead of what is believed; it was told once, and is not believed
    WallReturned,     // it agrees again
    Believed,         // what is believed moved `by`, `because`
    ServerDisagrees,  // its clock is `by` ahead of what is believed
    ServerAbsurd,     // it shows a time that is none
  };
  Kind kind;
  Duration by{};
  std::string_view because;
};

class AgreedClock {
 public:
  static constexpr Duration tolerance = std::chrono::seconds(2);  // of the wall: more is a jump
  static constexpr Duration of_server = std::chrono::seconds(5);  // so far apart a server and another clock agree
  static constexpr Duration bars_behind =
      std::chrono::seconds(15);  // so long behind its minute's end a bar is on its way
  static constexpr Duration alone_after = std::chrono::minutes(10);

  enum class Forward : std::uint8_t { NeverAlone, AloneToo };
  // AloneToo: for a source that makes its bars by this clock, so that none can come late. A jump forward is believed like one
  // back.
  explicit AgreedClock(Forward forward = Forward::NeverAlone) : forward_(forward) {}

  // What the wall shows now. `steady` is an instant of the steady clock, here and below.
  void look(EventTime steady, EventTime wall);
  // What the server's clock showed in an answer to a question asked and answered at these instants.
  void server_said(EventTime date, EventTime asked, EventTime answered);
  // A bar came live whose interval ended then.
  void bar_ended(EventTime end, EventTime steady);

  // Whether any clock has shown a time. at() is meaningless before.
  bool is_known() const { return believed_.has_value(); }
  EventTime at(EventTime steady) const;
  // What the wall shows ahead of what is believed.
  std::optional<Duration> wall_ahead() const;
  bool wall_is_believed() const;
  // Whether the server should be asked: the wall disagrees, or nobody ever agreed.
  bool needs_server() const { return !is_confirmed_ || !wall_is_believed(); }

  // What has happened since the last call, oldest first.
  std::vector<ClockEvent> take_events() { return std::exchange(events_, {}); }

 private:
  // An offset is what a clock shows less what the steady one shows.
  struct Heard {
    Duration offset;
    EventTime at;       // steady
    Duration unsure{};  // of a server
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
  void tell(std::optional<Duration> before, const Choice& choice);
  void tell_wall(bool has_moved);
  void tell_server();

  Forward forward_;
  std::optional<Duration> shown_, wall_;  // by the wall: whatever it is; where it is a time
  EventTime wall_since_{};                // steady: since then it has not jumped
  std::optional<Heard> server_, bars_;
  std::optional<Duration> believed_;
  bool is_confirmed_ = false;  // two agreed, ever
  std::optional<Duration> told_wall_, told_server_;
  bool told_absurd_ = false;
  std::vector<ClockEvent> events_;
};

}  // namespace tidemark
