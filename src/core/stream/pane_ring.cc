#include "core/stream/pane_ring.h"

#include <algorithm>

namespace tidemark {

PaneRings::PaneRings(std::int64_t panes, std::int64_t most)
    : capacity_(panes > most ? 0 : static_cast<std::int64_t>(std::bit_ceil(static_cast<std::uint64_t>(panes)))),
      all_((std::uint64_t{1} << capacity_) - 1) {}

std::uint32_t PaneRings::take() {
  if (free_.empty()) {
    const auto rings = static_cast<std::uint32_t>(sums_.size() / static_cast<std::size_t>(capacity_));
    sums_.resize(place(rings + 1, 0));
    rests_.resize(place(rings + 1, 0));
    return rings;
  }
  const std::uint32_t ring = free_.back();
  free_.pop_back();
  return ring;
}

HeldBar PaneRings::bar(std::uint32_t ring, std::int64_t pane, const RingMasks& masks) const {
  const unsigned slot = slot_of(pane);
  const Summed& summed = sums_[place(ring, slot)];
  const Rest& rest = rests_[place(ring, slot)];
  HeldBar bar;
  bar.time = rest.time;
  bar.open = rest.open;
  bar.high = rest.high;
  bar.low = rest.low;
  bar.close = Price{summed.close};
  if ((masks.with_vwap >> slot & 1) != 0) bar.vwap = Price{summed.vwap};
  bar.trade_count = rest.trade_count;
  bar.volume.nanos = summed.volume;
  bar.price_change.nanos = rest.price_change;
  bar.pct_change.nanos = summed.pct_change;
  bar.direction = rest.direction;
  bar.feed = masks.feed;
  return bar;
}

void PaneRings::prefetch(std::uint32_t ring, std::int64_t first, std::int64_t count) const {
  constexpr std::int64_t most_lines = 4, slots_a_line = 2;
  for (std::int64_t i = 0; i < std::min(count, most_lines * slots_a_line); i += slots_a_line)
    __builtin_prefetch(&sums_[place(ring, slot_of(first + i))]);
}

}  // namespace tidemark
