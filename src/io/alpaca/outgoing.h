// Outgoing: what a feed wants to append, in order, with the cursor that is true behind each heartbeat.
//
// Bars between two heartbeats are brought again after a kill that came between them: as duplicates, since the cursor says
// only whole minutes.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/stream/window_spec.h"
#include "core/time/time.h"
#include "run/interfaces/feed.h"

namespace tidemark {

// How far a feed has come (alpaca_feed.h).
struct FeedPlace {
  EventTime complete{}, settled{};

  std::string write() const;
  // As it is when the watermark falls to `to` (contract/semantics.md §3.2): what the windows that open again hold is fetched again.
  FeedPlace lowered(EventTime to, const WindowSpec& windows) const;
  static std::optional<FeedPlace> read(std::string_view text);
};

class Outgoing {
 public:
  // Where the records that are still to come begin.
  void begin(FeedPlace place) { taken_ = place; }
  void add(Record record) { items_.push_back({std::move(record), std::nullopt}); }
  void add_heartbeat(FeedPlace place) {
    items_.push_back({{.kind = RecordKind::Heartbeat, .time = place.complete}, place});
  }

  std::optional<FeedBatch> take(std::size_t limit) {
    if (items_.empty()) return std::nullopt;
    FeedBatch batch;
    while (!items_.empty() && batch.records.size() < limit) {
      if (items_.front().place) taken_ = *items_.front().place;
      batch.records.push_back(std::move(items_.front().record));
      items_.pop_front();
    }
    batch.cursor = taken_.write();
    return batch;
  }

 private:
  struct Item {
    Record record;
    std::optional<FeedPlace> place;
  };
  std::deque<Item> items_;
  FeedPlace taken_;
};

}  // namespace tidemark
