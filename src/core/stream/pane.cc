#include "core/stream/pane.h"

#include <bit>
#include <utility>

#include "core/check.h"

namespace tidemark {
namespace {

constexpr std::size_t few_bars = 8;
constexpr std::size_t most_room_kept = 64;

std::size_t slot_of(EventTime time, std::size_t slots) {
  const auto mixed = static_cast<std::uint64_t>(nanos_since_epoch(time)) * 0x9e3779b97f4a7c15u;
  return static_cast<std::size_t>(mixed >> 20) & (slots - 1);
}

}  // namespace

std::size_t Pane::index_of(EventTime time) const {
  if (index_.empty()) {
    std::size_t i = 0;
    while (i < bars_.size() && bars_[i].time != time) ++i;
    return i;
  }
  for (std::size_t slot = slot_of(time, index_.size());; slot = (slot + 1) & (index_.size() - 1)) {
    if (index_[slot] == 0) return bars_.size();
    if (bars_[index_[slot] - 1].time == time) return index_[slot] - 1;
  }
}

const HeldBar* Pane::find(EventTime time) const {
  const std::size_t i = index_of(time);
  return i == bars_.size() ? nullptr : &bars_[i];
}

void Pane::insert(const HeldBar& bar) {
  bars_.push_back(bar);
  sums_.add(bar, bar.feed);
  ++sums_.revision;
  if (bars_.size() > few_bars) index_bars();
}

void Pane::replace(const HeldBar& bar) {
  const std::size_t i = index_of(bar.time);
  CHECK(i < bars_.size());
  const HeldBar old = std::exchange(bars_[i], bar);
  ++sums_.revision;
  if (sums_.remove(old, old.feed)) sums_.add(bar, bar.feed);
  else sum_up();
}

void Pane::clear() {
  sums_ = Sums{};
  bars_.clear();
  index_.clear();
  if (bars_.capacity() > most_room_kept) bars_.shrink_to_fit();
}

void Pane::renumber_feeds(std::span<const FeedId> new_ids) {
  for (HeldBar& bar : bars_) bar.feed = new_ids[bar.feed];
  if (sums_.feed != Sums::mixed_feeds) sums_.feed = new_ids[sums_.feed];
}

void Pane::sum_up() {
  const std::int64_t revision = sums_.revision;
  sums_ = Sums{};
  for (const HeldBar& bar : bars_) sums_.add(bar, bar.feed);
  sums_.revision = revision;
}

// Files the bar inserted last; makes the index anew when it gets full.
void Pane::index_bars() {
  const auto file = [this](std::size_t i) {
    std::size_t slot = slot_of(bars_[i].time, index_.size());
    while (index_[slot] != 0) slot = (slot + 1) & (index_.size() - 1);
    index_[slot] = static_cast<std::uint32_t>(i + 1);
  };
  if (bars_.size() * 2 <= index_.size()) return file(bars_.size() - 1);
  index_.assign(std::bit_ceil(bars_.size() * 4), 0);
  for (std::size_t i = 0; i < bars_.size(); ++i) file(i);
}

}  // namespace tidemark
