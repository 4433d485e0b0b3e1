// Support for tests of feeds: a manual clock, and a feed that is killed after each batch.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "run/interfaces/clock.h"
#include "run/interfaces/feed.h"

namespace tidemark {

class HandClock : public Clock {
 public:
  explicit HandClock(EventTime now) : now_(now) {}
  EventTime now() const override { return now_; }
  void advance(Duration duration) { now_ += duration; }

 private:
  EventTime now_;
};

struct Brought {
  RecordKind kind;
  std::string key, value;
  EventTime time;
  friend bool operator==(const Brought&, const Brought&) = default;
};

using MakeFeed = std::function<std::unique_ptr<Feed>()>;

inline std::unique_ptr<Feed> opened(const MakeFeed& make, const std::optional<std::string>& cursor) {
  std::unique_ptr<Feed> feed = make();
  if (auto open = feed->open(cursor); !open) throw std::runtime_error(open.error().message());
  return feed;
}

inline std::optional<FeedBatch> must_poll(Feed& feed, std::size_t limit) {
  Result<std::optional<FeedBatch>> batch = feed.poll(limit);
  if (!batch) throw std::runtime_error(batch.error().message());
  if (*batch && (*batch)->records.size() > limit) throw std::runtime_error("more than the limit");
  return std::move(*batch);
}

inline void keep(std::vector<Brought>& all, const FeedBatch& batch) {
  for (const Record& record : batch.records) all.push_back({record.kind, record.key, record.value, record.time});
}

// Everything that is due, in batches of at most `limit`.
inline std::vector<Brought> poll_all(Feed& feed, std::size_t limit = 1'000'000) {
  std::vector<Brought> all;
  while (const std::optional<FeedBatch> batch = must_poll(feed, limit)) keep(all, *batch);
  return all;
}

// The same from feeds that are killed after each batch. What the last one left unpolled shows what a restart adds.
inline std::vector<Brought> poll_all_with_restarts(const MakeFeed& make, std::size_t limit,
                                                   std::optional<std::string> cursor = std::nullopt) {
  std::vector<Brought> all;
  for (;;) {
    const std::unique_ptr<Feed> feed = opened(make, cursor);
    const std::optional<FeedBatch> batch = must_poll(*feed, limit);
    if (!batch) return all;
    keep(all, *batch);
    cursor = batch->cursor;
  }
}

}  // namespace tidemark
