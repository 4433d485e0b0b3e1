// Rings of panes: the panes of a symbol as long as each of them holds one ordinary bar, and all of them one feed.
//
//     slots   │ close vwap volume pct │ close vwap volume pct │ …     32 bytes each; pane i lies in slot i mod capacity
//     masks   present 0b0111'1110   up 0b0010'1000   with_vwap …      a bit a slot; they lie in the symbol's series
//
// Adding a bar looks at a mask and writes a slot. Closing a window reads five neighbouring slots, and counts bits. Whatever
// is rare is in no ring: a second bar in a pane, a correction, a wide number, another feed. Such a symbol's panes are moved
// to a PaneRun.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/stream/pane.h"

namespace tidemark {

// What a ring holds; bit s tells of slot s.
struct RingMasks {
  std::uint32_t present = 0;                      // a pane lies there
  std::uint32_t up = 0, with_vwap = 0, fine = 0;  // fine: its numbers need more than the least places
  FeedId feed = 0;                                // of all bars
};

class PaneRings {
 public:
  static constexpr std::int64_t most_panes = 32;

  // Rings for so many consecutive panes. For more than `most` there are none: their capacity is 0.
  explicit PaneRings(std::int64_t panes, std::int64_t most = most_panes);
  std::int64_t capacity() const { return capacity_; }

  // A free ring. What it held before is unspecified.
  std::uint32_t take();
  void give_back(std::uint32_t ring) { free_.push_back(ring); }

  // The slots of `count` panes from `first` on, at most `capacity`.
  std::uint32_t slots_of(std::int64_t first, std::int64_t count) const {
    const std::uint64_t bits = ((std::uint64_t{1} << count) - 1) << slot_of(first);
    return static_cast<std::uint32_t>((bits | bits >> capacity_) & all_);
  }
  // The index of the first pane, of those from `from` on; `present` is not 0.
  std::int64_t oldest(std::uint32_t present, std::int64_t from) const {
    return from + std::countr_zero(counted_from(present, from));
  }
  std::int64_t newest(std::uint32_t present, std::int64_t from) const {
    return from + std::bit_width(counted_from(present, from)) - 1;
  }

  // Puts a bar that is_ordinary() into the pane, which is not present.
  void put(std::uint32_t ring, std::int64_t pane, const BarValues& bar, RingMasks& masks);
  // The bar of a pane that is present.
  HeldBar bar(std::uint32_t ring, std::int64_t pane, const RingMasks& masks) const;
  // The sums of some slots that are present. Each pane has one revision.
  OrdinarySums sum(std::uint32_t ring, std::uint32_t slots, const RingMasks& masks) const;

  // Cache hints: these panes will be summed; a bar will be put into this one.
  void prefetch(std::uint32_t ring, std::int64_t first, std::int64_t count) const;
  void prefetch_to_put(std::uint32_t ring, std::int64_t pane) const {
    const std::size_t at = place(ring, slot_of(pane));
    __builtin_prefetch(&sums_[at], 1);
    __builtin_prefetch(&rests_[at], 1);
  }

 private:
  struct alignas(32) Summed {  // what closing a window reads; a vwap of 0 if there is none
    std::int64_t close, vwap, volume, pct_change;
  };
  struct alignas(64) Rest {
    EventTime time;
    Price open, high, low;
    OptionalCount trade_count;
    std::int64_t price_change;
    Direction direction;
    std::int8_t price_places, volume_places;
  };

  unsigned slot_of(std::int64_t pane) const {
    return static_cast<unsigned>(static_cast<std::uint64_t>(pane) & static_cast<std::uint64_t>(capacity_ - 1));
  }
  std::size_t place(std::uint32_t ring, unsigned slot) const {
    return ring * static_cast<std::size_t>(capacity_) + slot;
  }
  // Bit i tells of the pane `from` + i.
  std::uint32_t counted_from(std::uint32_t present, std::int64_t from) const {
    const std::uint64_t twice = present | static_cast<std::uint64_t>(present) << capacity_;
    return static_cast<std::uint32_t>((twice >> slot_of(from)) & all_);
  }

  std::int64_t capacity_;
  std::uint64_t all_;  // the mask of all slots
  std::vector<Summed> sums_;
  std::vector<Rest> rests_;
  std::vector<std::uint32_t> free_;
};

inline void PaneRings::put(std::uint32_t ring, std::int64_t pane, const BarValues& bar, RingMasks& masks) {
  const unsigned slot = slot_of(pane);
  const std::uint32_t bit = std::uint32_t{1} << slot;
  const auto volume = static_cast<std::int64_t>(bar.volume.nanos);
  const int price_places = price_places_for(bar.close.nanos), volume_places = volume_places_for(volume);
  const std::uint32_t is_up = bar.direction == Direction::Up ? 1 : 0, has_vwap = bar.vwap.has_value() ? 1 : 0;
  const std::uint32_t is_fine = price_places != least_price_places || volume_places != 0 ? 1 : 0;
  masks.present |= bit;
  masks.up = (masks.up & ~bit) | is_up << slot;
  masks.with_vwap = (masks.with_vwap & ~bit) | has_vwap << slot;
  masks.fine = (masks.fine & ~bit) | is_fine << slot;
  const std::size_t at = place(ring, slot);
  sums_[at] = {bar.close.nanos, has_vwap != 0 ? bar.vwap.value().nanos : 0, volume,
               static_cast<std::int64_t>(bar.pct_change.nanos)};
  rests_[at] = {bar.time,
                bar.open,
                bar.high,
                bar.low,
                bar.trade_count,
                static_cast<std::int64_t>(bar.price_change.nanos),
                bar.direction,
                static_cast<std::int8_t>(price_places),
                static_cast<std::int8_t>(volume_places)};
}

inline OrdinarySums PaneRings::sum(std::uint32_t ring, std::uint32_t slots, const RingMasks& masks) const {
  OrdinarySums sums;
  const Summed* const panes = sums_.data() + place(ring, 0);
  for (std::uint32_t rest = slots; rest != 0; rest &= rest - 1) {
    const Summed& pane = panes[std::countr_zero(rest)];
    sums.close_sum += pane.close;
    sums.vwap_sum += pane.vwap;
    sums.volume_sum += pane.volume;
    sums.pct_change_sum += pane.pct_change;
    sums.close_square_sum += static_cast<Int128>(pane.close) * pane.close;
    sums.close_min = std::min(sums.close_min, pane.close);
    sums.close_max = std::max(sums.close_max, pane.close);
  }
  sums.bar_count = std::popcount(slots);
  sums.revision = sums.bar_count;
  sums.up_count = std::popcount(masks.up & slots);
  sums.vwap_count = std::popcount(masks.with_vwap & slots);
  sums.feed = masks.feed;
  for (std::uint32_t fine = masks.fine & slots; fine != 0; fine &= fine - 1) {
    const Rest& rest = rests_[place(ring, static_cast<unsigned>(std::countr_zero(fine)))];
    sums.price_places = std::max(sums.price_places, rest.price_places);
    sums.volume_places = std::max(sums.volume_places, rest.volume_places);
  }
  return sums;
}

}  // namespace tidemark
