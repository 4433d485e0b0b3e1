// A pane run: the panes of one symbol that some open window still needs, oldest first, in a ring.
//
//     slots    │ p8 │ p9 │    │ p3 │ p4 │ p5 │ p6 │ p7 │        each minute adds one and drops one; none is moved
//                           ▲   oldest
//                           free
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>

#include "core/stream/pane.h"

namespace tidemark {

class PaneRun {
 public:
  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  const Pane& operator[](std::size_t i) const { return slots_[(first_ + i) & mask()]; }
  Pane& operator[](std::size_t i) { return slots_[(first_ + i) & mask()]; }
  const Pane& oldest() const { return (*this)[0]; }
  std::int64_t newest() const { return newest_; }  // its index; of an empty run, below every index

  // The pane of this index, or null. A new minute is recognized by the newest index alone, without reading a pane.
  Pane* find(std::int64_t index) {
    if (index > newest_) return nullptr;
    const std::size_t i = end_of_panes_through(index);
    return i > 0 && (*this)[i - 1].index() == index ? &(*this)[i - 1] : nullptr;
  }
  // Adds a missing pane with its first bar. Invalidates pointers to other panes.
  void insert(std::int64_t index, const BarValues& bar, FeedId feed) {
    if (!slots_ || size_ > mask()) grow();
    std::size_t i = size_;
    size_ = (i + 1) & most_panes;
    if (index > newest_)
      newest_ = index;
    else
      for (; i > 0 && (*this)[i - 1].index() > index; --i) (*this)[i] = std::move((*this)[i - 1]);
    (*this)[i].begin(index, bar, feed);
  }

  void drop_oldest() {
    (*this)[0].let_go();
    first_ = (first_ + 1) & mask() & most_panes;
    size_ = (size_ - 1) & most_panes;
    if (size_ == 0) newest_ = nothing;
  }

  // Cache hints: a window of this run will be read soon; a bar will come soon, for the newest pane or the next one.
  void prefetch_window() const {
    constexpr std::size_t panes_of_a_window = 5;  // nearly always
    for (std::size_t i = 0; i < panes_of_a_window; ++i) __builtin_prefetch(&(*this)[i]);
  }
  void prefetch_end() const {
    if (!slots_) return;
    const Pane& next = (*this)[size_];
    __builtin_prefetch(&(*this)[size_ + mask()]);
    __builtin_prefetch(&next, 1);
    __builtin_prefetch(reinterpret_cast<const char*>(&next) + 64, 1);
  }

 private:
  static constexpr std::uint64_t most_panes = (std::uint64_t{1} << 29) - 1;
  static constexpr std::int64_t nothing = std::numeric_limits<std::int64_t>::min();

  // The position after the last pane at or before this index. Bars come nearly in order, so it is near the end.
  std::size_t end_of_panes_through(std::int64_t index) const {
    std::size_t i = size_;
    while (i > 0 && (*this)[i - 1].index() > index) --i;
    return i;
  }

  void grow() {
    const unsigned bits = slots_ ? capacity_bits_ + 1U : 0U;
    auto larger = std::make_unique<Pane[]>(std::size_t{1} << bits);
    for (std::size_t i = 0; i < size_; ++i) larger[i] = std::move((*this)[i]);
    slots_ = std::move(larger);
    capacity_bits_ = bits & 63;
    first_ = 0;
  }

  std::size_t mask() const { return (std::size_t{1} << capacity_bits_) - 1; }

  std::unique_ptr<Pane[]> slots_;  // 2^capacity_bits_ of them, or none yet
  // In one word, so that a series is one cache line. A window of 90 days in slides of a second has 2^23 panes.
  std::uint64_t first_ : 29 = 0, size_ : 29 = 0, capacity_bits_ : 6 = 0;
  std::int64_t newest_ = nothing;
};

static_assert(sizeof(PaneRun) == 24);

}  // namespace tidemark
