// A pane: the bars of one symbol in one slide of event time. A window is a merge of panes; the bars
// themselves are kept because a later one may equal or correct them.
//
// Nearly every pane of a minute market holds one bar, so one bar lives in the pane itself: a symbol's
// panes lie side by side, and closing a window reads a few neighbouring cache lines. A second bar moves
// all of them into a crowd with its own sums.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/market/bar.h"
#include "core/stream/sums.h"

namespace tidemark {

struct HeldBar : BarValues {
  FeedId feed = 0;
};

// Many bars at different instants, found by instant, with their sums.
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
  // Open addressing from instant to place in bars_ (plus one); empty while a search through the few bars
  // is quicker.
  std::vector<std::uint32_t> index_;
};

class Pane {
 public:
  Pane(std::int64_t index, const BarValues& first, FeedId feed) : index_(index), only_{{first}, feed} {}

  std::int64_t index() const { return index_; }  // ⌊time / slide⌋ of its bars

  // The bar held at this instant; null if there is none.
  const HeldBar* find(EventTime time) const;
  // A bar at an instant that holds none.
  void insert(const HeldBar& bar);
  // Another bar at an instant that holds one.
  void replace(const HeldBar& bar);

  // Adds the sums of the bars.
  void add_to(Sums& sums) const {
    if (crowd_) sums.merge(crowd_->sums());
    else sums.add(only_, only_.feed);
    sums.revision += revision_;
  }
  // In the order of their insertion.
  std::span<const HeldBar> bars() const {
    return crowd_ ? crowd_->bars() : std::span(&only_, 1);
  }

  // How often a record has changed it: bars accepted and corrections.
  std::int64_t revision() const { return revision_; }
  // As it was when a snapshot was made, after its bars are back.
  void set_revision(std::int64_t revision) { revision_ = revision; }

  // Gives back memory, before it is overwritten.
  void let_go() { crowd_.reset(); }

  // Feeds get other numbers; `new_ids[old]` is the new one.
  void renumber_feeds(std::span<const FeedId> new_ids);

 private:
  std::int64_t index_;
  std::int64_t revision_ = 1;
  HeldBar only_;  // unless there is a crowd
  std::unique_ptr<Crowd> crowd_;
};

}  // namespace tidemark
