// A pane run: the panes of one symbol that some open window still needs, oldest first, side by side.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "core/stream/pane.h"

namespace tidemark {

class PaneRun {
 public:
  bool empty() const { return first_ == panes_.size(); }
  std::span<const Pane> panes() const { return std::span(panes_).subspan(first_); }
  std::span<Pane> panes() { return std::span(panes_).subspan(first_); }
  const Pane& oldest() const { return panes_[first_]; }
  const Pane& newest() const { return panes_.back(); }

  // The pane of this index; null if there is none.
  Pane* find(std::int64_t index) {
    const std::size_t i = end_of_panes_through(index);
    return i > first_ && panes_[i - 1].index() == index ? &panes_[i - 1] : nullptr;
  }
  // A pane that is missing, with its first bar. Pointers to other panes are void then.
  void insert(std::int64_t index, const HeldBar& bar) {
    std::size_t i = end_of_panes_through(index);
    if (panes_.size() == panes_.capacity()) i -= close_gap();
    panes_.emplace(panes_.begin() + static_cast<std::ptrdiff_t>(i), index, bar);
  }

  void drop_oldest() {
    panes_[first_++].let_go();
    if (empty()) close_gap();
  }

  // For the cache: this will be read soon.
  void prefetch() const {
    constexpr std::size_t panes_of_a_window = 5;  // nearly always
    for (std::size_t i = 0; i < panes_of_a_window; ++i) __builtin_prefetch(panes_.data() + first_ + i);
  }

 private:
  // Behind the last pane that is not after this index; bars come nearly in order, so it is near the end.
  std::size_t end_of_panes_through(std::int64_t index) const {
    std::size_t i = panes_.size();
    while (i > first_ && panes_[i - 1].index() > index) --i;
    return i;
  }

  // Moves the panes to the front of their memory; returns by how many places.
  std::size_t close_gap() {
    panes_.erase(panes_.begin(), panes_.begin() + static_cast<std::ptrdiff_t>(first_));
    return std::exchange(first_, 0);
  }

  std::vector<Pane> panes_;
  std::size_t first_ = 0;  // before it stand dropped ones
};

}  // namespace tidemark
