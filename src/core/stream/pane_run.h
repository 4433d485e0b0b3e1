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

  // The pane of this index, made if it is missing. References to other panes are void then.
  Pane& at(std::int64_t index) {
    std::size_t i = panes_.size();
    while (i > first_ && panes_[i - 1].index() > index) --i;
    if (i > first_ && panes_[i - 1].index() == index) return panes_[i - 1];
    if (panes_.size() == panes_.capacity()) i -= close_gap();
    return *panes_.emplace(panes_.begin() + static_cast<std::ptrdiff_t>(i), index);
  }

  void drop_oldest() {
    panes_[first_++] = Pane{};
    if (empty()) close_gap();
  }

  // For the cache: this will be read soon.
  void prefetch() const {
    const char* const begin = reinterpret_cast<const char*>(panes_.data() + first_);
    for (std::size_t line = 0; line < 8; ++line) __builtin_prefetch(begin + line * 64);
  }

 private:
  // Moves the panes to the front of their memory; returns by how many places.
  std::size_t close_gap() {
    panes_.erase(panes_.begin(), panes_.begin() + static_cast<std::ptrdiff_t>(first_));
    return std::exchange(first_, 0);
  }

  std::vector<Pane> panes_;
  std::size_t first_ = 0;  // before it stand dropped ones
};

}  // namespace tidemark
