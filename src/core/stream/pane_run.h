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
  const Pane& operator[](std::size_t i) const { return slots_[(first_ + i) & (capacity_ - 1)]; }
  Pane& operator[](std::size_t i) { return slots_[(first_ + i) & (capacity_ - 1)]; }
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
    if (size_ == capacity_) grow();
    std::size_t i = size_++;
    if (index > newest_)
      newest_ = index;
    else
      for (; i > 0 && (*this)[i - 1].index() > index; --i) (*this)[i] = std::move((*this)[i - 1]);
    (*this)[i].begin(index, bar, feed);
  }

  void drop_oldest() {
    (*this)[0].let_go();
    first_ = (first_ + 1) & (capacity_ - 1);
    if (--size_ == 0) newest_ = nothing;
  }

  // Cache hint: this run will be read soon.
  void prefetch() const {
    constexpr std::size_t panes_of_a_window = 5;  // nearly always
    for (std::size_t i = 0; i < panes_of_a_window; ++i) __builtin_prefetch(&(*this)[i]);
  }

 private:
  static constexpr std::int64_t nothing = std::numeric_limits<std::int64_t>::min();

  // The position after the last pane at or before this index. Bars come nearly in order, so it is near the end.
  std::size_t end_of_panes_through(std::int64_t index) const {
    std::size_t i = size_;
    while (i > 0 && (*this)[i - 1].index() > index) --i;
    return i;
  }

  void grow() {
    const std::uint32_t twice = capacity_ == 0 ? 1 : capacity_ * 2;
    auto larger = std::make_unique<Pane[]>(twice);
    for (std::size_t i = 0; i < size_; ++i) larger[i] = std::move((*this)[i]);
    slots_ = std::move(larger);
    capacity_ = twice;
    first_ = 0;
  }

  std::unique_ptr<Pane[]> slots_;
  std::uint32_t first_ = 0, size_ = 0, capacity_ = 0;  // capacity: a power of two
  std::int64_t newest_ = nothing;
};

}  // namespace tidemark
