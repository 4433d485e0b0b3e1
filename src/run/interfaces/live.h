// Live: what the analyze role sends to the page after each commit, when it is durable.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/market/bar.h"
#include "core/market/trend.h"
#include "core/pipeline/account.h"
#include "core/pipeline/jump_watch.h"
#include "core/time/time.h"

namespace tidemark {

// The part of a bar that a chart needs.
struct LiveBarValues {
  EventTime time;  // start of the bar's interval
  Price open, high, low, close;
  Decimal volume;
  friend constexpr bool operator==(const LiveBarValues&, const LiveBarValues&) = default;
};

struct LiveBar {
  std::string symbol;
  LiveBarValues values;
};

inline LiveBar live_bar(std::string symbol, const BarValues& is) {
  return {std::move(symbol), {is.time, is.open, is.high, is.low, is.close, is.volume}};
}

struct LiveBatch {
  std::vector<Trend> trends;  // finals by end and symbol, then the updates
  Account account;            // since the log began
  std::optional<EventTime> watermark;
  std::optional<EventTime> event_time;     // largest seen
  std::optional<EventTime> ingested_at;    // wall time of the oldest record of the batch that became a trend
  std::vector<LiveBar> bars = {};          // accepted, corrected and late, in order of arrival
  std::optional<WatermarkJump> jump = {};  // the last one that made a bar late, since the start
};

// Receives batches from the engine's thread. Never blocks it: when the reader is slow, batches are merged (keeping the
// newest row of each symbol and window).
class LiveSink {
 public:
  virtual ~LiveSink() = default;
  virtual void committed(LiveBatch batch) = 0;
};

}  // namespace tidemark
