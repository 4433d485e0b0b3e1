// Outgoing: what a feed wants to append, in order, with the cursor that is true behind each heartbeat.
//
// Bars between two heartbeats are brought again after a kill that came between them: as duplicates, since the cursor says
// only whole minutes.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <utility>

#include "core/wire/decode.h"
#include "run/interfaces/feed.h"
#include "run/live_feed/feed_place.h"

namespace tidemark {

class Outgoing {
 public:
  // `source`: whose cursor it is (FeedPlace).
  explicit Outgoing(std::string source) : source_(std::move(source)) {}

  // Where the records that are still to come begin.
  void begin(FeedPlace place) { taken_ = place; }
  void add(Record record) { items_.push_back({std::move(record), std::nullopt}); }
  // What was no message lands in the dead letters, however long it was.
  void add_garbage(std::string text) {
    Record record;
    if (text.size() > max_record_bytes) {
      record.bytes_in_all = text.size();
      text.resize(max_record_bytes + 1);
    }
    record.value = std::move(text);
    add(std::move(record));
  }
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
    batch.cursor = taken_.write(source_);
    return batch;
  }

 private:
  struct Item {
    Record record;
    std::optional<FeedPlace> place;
  };
  std::string source_;
  std::deque<Item> items_;
  FeedPlace taken_;
};

}  // namespace tidemark
