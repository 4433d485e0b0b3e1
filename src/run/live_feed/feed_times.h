// When bars of minutes come, and how long a feed waits for them. All by the market's clock, unless said otherwise.
#pragma once

#include <chrono>

#include "core/time/time.h"

namespace tidemark::feed_times {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

inline constexpr Duration minute = minutes(1);
inline constexpr Duration known_after = seconds(10);    // its end, history has a minute
inline constexpr Duration burst = milliseconds(1500);   // without a further bar: those of a minute are all here
inline constexpr Duration missed_after = seconds(20);   // its end, a minute of which no bar has come is asked for
inline constexpr Duration updates_from = seconds(25);   // its end, corrections of a minute may come …
inline constexpr Duration updates_until = seconds(45);  // … and have come
inline constexpr Duration longest_unsettled =
    minutes(5);                                       // what is fetched again is in an open window: else it were late
inline constexpr Duration longest_held = minutes(3);  // live bars behind a gap; then they are fetched like the gap
inline constexpr Duration trading_for =
    minutes(3);  // behind the beginning of a minute that had a bar: the market trades, whatever its calendar says
inline constexpr Duration clock_error = seconds(5);  // so much the server's clock may be ahead of ours
inline constexpr Duration longest_gap = std::chrono::days(7);
inline constexpr Duration worked_after =
    seconds(30);  // by the steady clock: a connection was a good one, also at night

// So often a refusal has to come in a row before it is believed, where only the operator can mend it.
inline constexpr int believed_after = 3;

constexpr EventTime floor_minute(EventTime time) { return floor_to(time, minute); }

}  // namespace tidemark::feed_times
