// A pane: the bars of one symbol in one slide of event time, with their sums. A window is a merge of
// panes; the bars themselves are kept because a later one may equal or correct them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/market/bar.h"
#include "core/stream/sums.h"

namespace tidemark {

struct HeldBar : BarValues {
  FeedId feed = 0;
};

class Pane {
 public:
  // The bar held at this instant; null if there is none.
  const HeldBar* find(EventTime time) const;
  // A bar at an instant that holds none.
  void insert(const HeldBar& bar);
  // Another bar at an instant that holds one.
  void replace(const HeldBar& bar);
  // How often the bars had changed when a snapshot was made of them.
  void set_revision(std::int64_t revision) { sums_.revision = revision; }

  const Sums& sums() const { return sums_; }
  std::span<const HeldBar> bars() const { return bars_; }  // in the order of their insertion

  // Empty again, with room kept for the next use.
  void clear();

  // Feeds are renumbered; `new_ids[old]` is the new number.
  void renumber_feeds(std::span<const FeedId> new_ids);

 private:
  std::size_t index_of(EventTime time) const;  // bars_.size() if not held
  void sum_up();
  void index_bars();

  Sums sums_;
  std::vector<HeldBar> bars_;
  // Open addressing from instant to place in bars_ (plus one); empty while a search through the few bars
  // is quicker.
  std::vector<std::uint32_t> index_;
};

}  // namespace tidemark
