// A pane: the bars of one symbol in one slide of event time. A window is a merge of panes; the bars
// themselves are kept because a later one may equal or correct them.
// Nearly every pane of a minute market holds one bar, so the pane itself stores it: a symbol's panes are adjacent in
// memory, and closing a window reads one cache line of each. A second bar moves all of them into a crowd with its own
// sums.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/market/bar.h"
#include "core/stream/sums.h"

namespace tidemark {

struct HeldBar : BarValues {
  FeedId feed = 0;
};

// Whether OrdinarySums can hold the bar, and machine words its other numbers.
inline bool is_ordinary(const BarValues& bar) {
  const auto is_narrow = [](Decimal number) { return number.nanos == static_cast<std::int64_t>(number.nanos); };
  const auto takes = [](Int128 number) { return OrdinarySums::takes(static_cast<std::int64_t>(number)); };
  return is_narrow(bar.volume) && is_narrow(bar.pct_change) && is_narrow(bar.price_change) && takes(bar.volume.nanos) &&
         takes(bar.pct_change.nanos) && takes(bar.close.nanos) &&
         (!bar.vwap.has_value() || takes(bar.vwap.value().nanos));
}

// Several bars at different instants, found by instant, with their sums.
class Crowd {
 public:
  const HeldBar* find(EventTime time) const;
  void insert(const HeldBar& bar);   // at an instant that holds none
  void replace(const HeldBar& bar);  // at an instant that holds one
  void renumber_feeds(std::span<const FeedId> new_ids);

  const Sums& sums() const { return sums_; }
  std::span<const HeldBar> bars() const { return bars_; }  // in the order of their insertion

 private:
  std::size_t index_of(EventTime time) const;  // bars_.size() if not held
  void file(std::size_t bar);
  void sum_up();

  Sums sums_;
  std::vector<HeldBar> bars_;
  // Open addressing from instant to index in bars_ (plus one). Empty while scanning the few bars is faster.
  std::vector<std::uint32_t> index_;
};

class alignas(64) Pane {
 public:
  // Resets the pane, whatever it held, to its first bar.
  void begin(std::int64_t index, const BarValues& first, FeedId feed);

  std::int64_t index() const { return index_; }  // ⌊time / slide⌋ of its bars

  // The bar held at this instant, if there is one.
  std::optional<HeldBar> find(EventTime time) const;
  // Adds a bar at an instant that holds none.
  void insert(const HeldBar& bar);
  // Replaces the bar at this instant.
  void replace(const HeldBar& bar);

  // Whether it holds a single, ordinary bar, which can be added to OrdinarySums.
  bool is_ordinary() const { return !has_crowd_; }
  void add_to(OrdinarySums& sums) const {
    sums.add(close_, vwap_, volume_, pct_change_, direction_, feed_, price_places_, volume_places_);
    sums.revision += revision_;
  }
  // Every pane can be added to these.
  void add_to(Sums& sums) const;

  // Of a pane that is_ordinary(): its bar, and the bar's feed. The feed is empty for a crowd.
  HeldBar ordinary_bar() const { return only(); }
  std::optional<FeedId> ordinary_feed() const { return has_crowd_ ? std::nullopt : std::optional(feed_); }

  // Calls take(const HeldBar&) for each bar, in the order of their insertion.
  template <typename Take>
  void for_each_bar(Take take) const {
    if (!has_crowd_) return take(only());
    for (const HeldBar& bar : crowd_->bars()) take(bar);
  }
  std::size_t bar_count() const { return has_crowd_ ? crowd_->bars().size() : 1; }

  // How many records have changed it: accepted bars and corrections.
  std::int64_t revision() const { return revision_; }
  // Restores the revision of a snapshot, after its bars were inserted.
  void set_revision(std::int64_t revision) { revision_ = revision; }

  // Frees memory before the slot is reused.
  void let_go() { crowd_.reset(); }

  // Gives feeds new numbers: `new_ids[old]` is the new one.
  void renumber_feeds(std::span<const FeedId> new_ids);

 private:
  HeldBar only() const;
  void hold(const BarValues& bar, FeedId feed);  // as the only bar

  // Closing a window reads this cache line …
  std::int64_t index_ = 0;
  std::int64_t revision_ = 1;
  EventTime time_{};
  Price close_;
  OptionalPrice vwap_;
  std::int64_t volume_ = 0, pct_change_ = 0;  // 1e-9; a bar that is not ordinary is in a crowd
  FeedId feed_ = 0;
  Direction direction_ = Direction::Flat;
  bool has_crowd_ = false;
  std::int8_t price_places_ = least_price_places, volume_places_ = 0;  // what its bar needs
  // … and looking for a bar reads this one, too.
  Price open_, high_, low_;
  OptionalCount trade_count_;
  std::int64_t price_change_ = 0;
  std::unique_ptr<Crowd> crowd_;
};
static_assert(sizeof(Pane) == 128, "two cache lines");

}  // namespace tidemark
