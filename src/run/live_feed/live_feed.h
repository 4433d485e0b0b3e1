// A live source's bars as a feed without holes: what the stream missed comes from history, before time goes on.
//
//     stream    ── 14:01 14:02 ╳ · · · ╳ 14:07 14:08 ──▶ held back while the gap is filled
//     history                  └ 14:02 … 14:06 ┘          merged by time, appended first
//     log       ── 14:01 14:02 │ 14:03 14:04 14:05 14:06 │ 14:07 14:08 ──▶
//
// Two times make the cursor. `complete`: every bar before it was brought, and a heartbeat said so. `settled`: its
// corrections, which a vendor may send half a minute after a minute, were brought, too; a gap is fetched from there on.
//
// A minute is complete when bars of it, or later ones, have come over a connection that has stood since before its end; when
// history says that there are none; when the exchange is closed. So a stream that is open and says nothing is found out within
// half a minute, and a symbol that nobody trades is none.
//
// The feed's time follows no clock that jumps (feed_clock.h).
//
// A server's clock may be ahead of ours, by what its answer was on its way for and a little more: the minute in which it may have
// subscribed us is fetched, too. What the stream says of minutes that history has brought, while both are waited for, is merged with
// them: a bar that is there already is not brought again, a correction comes before its windows close.
//
// What cannot be is not believed at once: a refusal of history that would leave a gap for good, or one of the stream that would end
// a run that has worked, has to come three times in a row. Bars that nobody asked for are refused and counted. Errors that repeat
// are counted, and journaled once a minute.
//
// Pure: it sees events and two clocks, and waits for nothing. A vendor gives it a stream (bar_stream.h), a history
// (history_slices.h) and what to know of both (live_source.h).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/time/time.h"
#include "run/interfaces/clock.h"
#include "run/interfaces/feed.h"
#include "run/interfaces/journal.h"
#include "run/live_feed/bar_stream.h"
#include "run/live_feed/feed_counts.h"
#include "run/live_feed/history_slices.h"
#include "run/live_feed/live_source.h"

namespace tidemark {

struct LiveFeedOptions {
  std::vector<std::string> symbols;                 // at least one
  Duration retry_delay = std::chrono::seconds(10);  // before connecting again; doubled each time, with jitter
  std::optional<std::uint64_t> max_retries;         // in a row without a bar; none: for ever
  std::uint32_t jitter_seed = 0;                    // another one for each process
};

struct FeedClocks {
  const Clock& wall;
  const Clock& steady;  // nobody can set it, and it goes on while the machine sleeps (io/observe/boot_clock.h)
};

// The name of its cursor in a log: "alpaca/iex".
std::string live_feed_name(const LiveSource& source);

// The references, those of the clocks too, must outlive the feed.
std::unique_ptr<Feed> make_live_feed(LiveSource source, LiveFeedOptions options, std::unique_ptr<BarStream> stream,
                                     std::unique_ptr<HistorySlices> history, const FeedClocks& clocks, Journal& journal,
                                     std::unique_ptr<FeedMeter> meter);

}  // namespace tidemark
