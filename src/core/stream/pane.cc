#include "core/stream/pane.h"

#include <bit>
#include <utility>

#include "core/check.h"

namespace tidemark {
namespace {

constexpr std::size_t few_bars = 8;

std::size_t slot_of(EventTime time, std::size_t slots) {
  const auto mixed = static_cast<std::uint64_t>(nanos_since_epoch(time)) * 0x9e3779b97f4a7c15u;
  return static_cast<std::size_t>(mixed >> 20) & (slots - 1);
}

}  // namespace

void Pane::begin(std::int64_t index, const BarValues& first, FeedId feed) {
  index_ = index;
  revision_ = 1;
  hold(first, feed);
}

void Pane::hold(const BarValues& bar, FeedId feed) {
  has_crowd_ = !tidemark::is_ordinary(bar);
  if (has_crowd_) {
    crowd_ = std::make_unique<Crowd>();
    return crowd_->insert({bar, feed});
  }
  time_ = bar.time;
  open_ = bar.open;
  high_ = bar.high;
  low_ = bar.low;
  close_ = bar.close;
  vwap_ = bar.vwap;
  trade_count_ = bar.trade_count;
  volume_ = static_cast<std::int64_t>(bar.volume.nanos);
  price_change_ = static_cast<std::int64_t>(bar.price_change.nanos);
  pct_change_ = static_cast<std::int64_t>(bar.pct_change.nanos);
  direction_ = bar.direction;
  feed_ = feed;
  price_places_ = static_cast<std::int8_t>(price_places_for(close_.nanos));
  volume_places_ = static_cast<std::int8_t>(volume_places_for(volume_));
}

HeldBar Pane::only() const {
  HeldBar bar;
  bar.time = time_;
  bar.open = open_;
  bar.high = high_;
  bar.low = low_;
  bar.close = close_;
  bar.vwap = vwap_;
  bar.trade_count = trade_count_;
  bar.volume.nanos = volume_;
  bar.price_change.nanos = price_change_;
  bar.pct_change.nanos = pct_change_;
  bar.direction = direction_;
  bar.feed = feed_;
  return bar;
}

void Pane::add_to(Sums& sums) const {
  sums.revision += revision_;
  if (has_crowd_) return sums.merge(crowd_->sums());
  const HeldBar bar = only();
  sums.add(bar, bar.feed);
}

std::optional<HeldBar> Pane::find(EventTime time) const {
  if (!has_crowd_) return time_ == time ? std::optional(only()) : std::nullopt;
  const HeldBar* const held = crowd_->find(time);
  return held ? std::optional(*held) : std::nullopt;
}

void Pane::insert(const HeldBar& bar) {
  if (!has_crowd_) {
    crowd_ = std::make_unique<Crowd>();
    crowd_->insert(only());
    has_crowd_ = true;
  }
  crowd_->insert(bar);
  ++revision_;
}

void Pane::replace(const HeldBar& bar) {
  if (has_crowd_)
    crowd_->replace(bar);
  else
    hold(bar, bar.feed);
  ++revision_;
}

void Pane::renumber_feeds(std::span<const FeedId> new_ids) {
  if (has_crowd_)
    crowd_->renumber_feeds(new_ids);
  else
    feed_ = new_ids[feed_];
}

std::size_t Crowd::index_of(EventTime time) const {
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

const HeldBar* Crowd::find(EventTime time) const {
  const std::size_t i = index_of(time);
  return i == bars_.size() ? nullptr : &bars_[i];
}

void Crowd::insert(const HeldBar& bar) {
  bars_.push_back(bar);
  sums_.add(bar, bar.feed);
  if (bars_.size() <= few_bars) return;
  if (bars_.size() * 2 <= index_.size()) return file(bars_.size() - 1);
  index_.assign(std::bit_ceil(bars_.size() * 4), 0);
  for (std::size_t i = 0; i < bars_.size(); ++i) file(i);
}

void Crowd::replace(const HeldBar& bar) {
  const std::size_t i = index_of(bar.time);
  CHECK(i < bars_.size());
  const HeldBar old = std::exchange(bars_[i], bar);
  if (sums_.remove(old, old.feed))
    sums_.add(bar, bar.feed);
  else
    sum_up();
}

void Crowd::renumber_feeds(std::span<const FeedId> new_ids) {
  for (HeldBar& bar : bars_) bar.feed = new_ids[bar.feed];
  if (sums_.feed != Sums::mixed_feeds) sums_.feed = new_ids[sums_.feed];
}

void Crowd::file(std::size_t bar) {
  std::size_t slot = slot_of(bars_[bar].time, index_.size());
  while (index_[slot] != 0) slot = (slot + 1) & (index_.size() - 1);
  index_[slot] = static_cast<std::uint32_t>(bar + 1);
}

void Crowd::sum_up() {
  sums_ = Sums{};
  for (const HeldBar& bar : bars_) sums_.add(bar, bar.feed);
}

}  // namespace tidemark
