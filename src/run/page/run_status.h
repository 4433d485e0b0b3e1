// RunStatus: the state of the program for the page's status line and /api/v1/status.
//
// Pure: the wall time is an argument. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/pipeline/account.h"
#include "core/time/exchange_calendar.h"
#include "run/interfaces/feed.h"
#include "run/interfaces/live.h"

namespace tidemark {

// The last thousand latencies between a bar's arrival and its way to the page.
class RecentWaits {
 public:
  void add(Duration wait);
  // The latency that `share` (0 to 1) of the recent ones did not exceed; empty before the first.
  std::optional<Duration> quantile(double share) const;

 private:
  static constexpr std::size_t capacity = 1'024;
  std::vector<Duration> waits_;  // a ring once it is full
  std::size_t next_ = 0;
};

class RunStatus {
 public:
  RunStatus(std::string version, EventTime started) : version_(std::move(version)), started_(started) {}

  // What the log held at the start. Bars from before the start count neither as speed nor as fresh.
  void restore(const LiveBatch& batch);
  // What was committed since. A first batch without arrivals counts as restored.
  void committed(const LiveBatch& batch, EventTime now);
  // A batch with this `ingested_at` was written to the clients' sockets.
  void pushed(EventTime ingested_at, EventTime now) { waits_.add(now - ingested_at); }
  // Call it once a second. The speed is computed over the beats of the last few seconds.
  void beat(EventTime now);

  // What is behind while the rest works, and why; an empty reason ends it.
  void set_lagging(const std::string& what, const std::string& reason);
  // "hive: no metastore answers"; empty while nothing is behind.
  std::string lagging() const;

  const Account& account() const { return account_; }
  std::optional<EventTime> watermark() const { return watermark_; }
  std::optional<EventTime> event_time() const { return event_time_; }
  // The exchange's session by the market's clock: the wall clock if the feed runs in real time, else the data's time.
  std::optional<Session> session(const FeedStatus& feed, EventTime now) const;
  double bars_per_second() const { return bars_per_second_; }
  std::optional<double> last_bar_age_seconds(EventTime now) const;
  double uptime_seconds(EventTime now) const;

  // STATUS of docs/api.md.
  void append_status(const FeedStatus& feed, std::size_t symbols, EventTime now, std::string& out) const;

 private:
  struct Beat {
    EventTime at;
    std::int64_t read;
  };

  std::string version_;
  EventTime started_;
  Account account_;
  std::optional<EventTime> watermark_, event_time_, last_bar_;
  std::optional<WatermarkJump> jump_;
  std::map<std::string, std::string> lagging_;
  std::deque<Beat> beats_;
  double bars_per_second_ = 0;
  RecentWaits waits_;
};

}  // namespace tidemark
