// Sums: everything a trend needs to know about a set of bars. They are exact, so the order of adding and merging
// changes no digit.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string_view>

#include "core/market/bar.h"
#include "core/number/integer.h"
#include "core/number/places.h"

namespace tidemark {

// A feed's name by number, in the table of one engine. 0 is "no feed".
using FeedId = std::uint32_t;

struct Sums {
  static constexpr FeedId mixed_feeds = std::numeric_limits<FeedId>::max();

  std::int64_t bar_count = 0;
  std::int64_t up_count = 0;
  std::int64_t vwap_count = 0;                                        // bars that have one
  std::int64_t revision = 0;                                          // bars accepted and corrections
  std::int64_t close_min = std::numeric_limits<std::int64_t>::max();  // 1e-9 dollars
  std::int64_t close_max = std::numeric_limits<std::int64_t>::min();  // 1e-9 dollars
  Int128 close_sum = 0;                                               // 1e-9 dollars
  Int128 volume_sum = 0;                                              // 1e-9 shares; each < 1e27 units
  Int128 vwap_sum = 0;                                                // 1e-9 dollars
  Sum192 close_square_sum;                                            // 1e-18 dollars²
  Sum192 pct_change_sum;                                              // 1e-9 percent
  FeedId feed = 0;                                                    // of all bars, or mixed_feeds
  // What the finest close and the finest volume need.
  std::int8_t price_places = least_price_places, volume_places = 0;

  void add(const BarValues& bar, FeedId bar_feed) {
    feed = bar_count == 0 || feed == bar_feed ? bar_feed : mixed_feeds;
    ++bar_count;
    up_count += bar.direction == Direction::Up ? 1 : 0;
    const std::int64_t close = bar.close.nanos;
    close_min = std::min(close_min, close);
    close_max = std::max(close_max, close);
    close_sum += close;
    close_square_sum.add(static_cast<Int128>(close) * close);
    volume_sum += bar.volume.nanos;
    pct_change_sum.add(bar.pct_change.nanos);
    price_places = std::max(price_places, static_cast<std::int8_t>(price_places_for(close)));
    volume_places = std::max(volume_places, static_cast<std::int8_t>(volume_places_for(bar.volume.nanos)));
    if (!bar.vwap.has_value()) return;
    ++vwap_count;
    vwap_sum += bar.vwap.value().nanos;
  }

  // Removes a bar. False if the sums alone do not determine the result, because the bar may have been the smallest, the
  // largest, the finest, or the only one of another feed. The caller then has to sum up again.
  [[nodiscard]] bool remove(const BarValues& bar, FeedId bar_feed) {
    const std::int64_t close = bar.close.nanos;
    if (close == close_min || close == close_max || feed != bar_feed) return false;
    if (price_places > least_price_places && price_places_for(close) == price_places) return false;
    if (volume_places > 0 && volume_places_for(bar.volume.nanos) == volume_places) return false;
    --bar_count;
    up_count -= bar.direction == Direction::Up ? 1 : 0;
    close_sum -= close;
    close_square_sum.subtract(static_cast<Int128>(close) * close);
    volume_sum -= bar.volume.nanos;
    pct_change_sum.subtract(bar.pct_change.nanos);
    if (!bar.vwap.has_value()) return true;
    --vwap_count;
    vwap_sum -= bar.vwap.value().nanos;
    return true;
  }

  void merge(const Sums& other) {
    if (other.bar_count == 0) return;
    feed = bar_count == 0 || feed == other.feed ? other.feed : mixed_feeds;
    bar_count += other.bar_count;
    up_count += other.up_count;
    vwap_count += other.vwap_count;
    revision += other.revision;
    close_min = std::min(close_min, other.close_min);
    close_max = std::max(close_max, other.close_max);
    close_sum += other.close_sum;
    volume_sum += other.volume_sum;
    vwap_sum += other.vwap_sum;
    close_square_sum.add(other.close_square_sum);
    pct_change_sum.add(other.pct_change_sum);
    price_places = std::max(price_places, other.price_places);
    volume_places = std::max(volume_places, other.volume_places);
  }

  friend bool operator==(const Sums&, const Sums&) = default;
};

// Sums of ordinary bars in machine words: five times faster, and enough for nearly every window of a minute market.
//
// An ordinary bar has numbers below 2^53 units (nine million dollars, shares, percent), so `most_bars` of them
// fit in 63 bits, and the squares in 116.
struct OrdinarySums {
  static constexpr std::size_t most_bars = 512;

  static constexpr bool takes(std::int64_t number) { return number < limit && number > -limit; }

  Int128 close_square_sum = 0;
  std::int64_t close_sum = 0, volume_sum = 0, vwap_sum = 0, pct_change_sum = 0;
  std::int64_t close_min = std::numeric_limits<std::int64_t>::max();
  std::int64_t close_max = std::numeric_limits<std::int64_t>::min();
  std::int64_t revision = 0;
  std::int32_t bar_count = 0, up_count = 0, vwap_count = 0;
  FeedId feed = 0;  // of all bars, unless is_mixed
  bool is_mixed = false;
  std::int8_t price_places = least_price_places, volume_places = 0;

  void add(Price close, OptionalPrice vwap, std::int64_t volume, std::int64_t pct_change, Direction direction,
           FeedId bar_feed, std::int8_t places_of_price, std::int8_t places_of_volume) {
    is_mixed |= bar_count != 0 && bar_feed != feed;
    feed = bar_feed;
    ++bar_count;
    up_count += direction == Direction::Up ? 1 : 0;
    const std::int64_t nanos = close.nanos;
    close_min = std::min(close_min, nanos);
    close_max = std::max(close_max, nanos);
    close_sum += nanos;
    close_square_sum += static_cast<Int128>(nanos) * nanos;
    volume_sum += volume;
    pct_change_sum += pct_change;
    vwap_count += vwap.has_value() ? 1 : 0;
    vwap_sum += vwap.has_value() ? vwap.value().nanos : 0;
    price_places = std::max(price_places, places_of_price);
    volume_places = std::max(volume_places, places_of_volume);
  }

  // As sums of any bars.
  Sums widened() const {
    Sums sums;
    sums.bar_count = bar_count;
    sums.up_count = up_count;
    sums.vwap_count = vwap_count;
    sums.revision = revision;
    sums.close_min = close_min;
    sums.close_max = close_max;
    sums.close_sum = close_sum;
    sums.volume_sum = volume_sum;
    sums.vwap_sum = vwap_sum;
    sums.close_square_sum = Sum192(close_square_sum);
    sums.pct_change_sum = Sum192(pct_change_sum);
    sums.feed = is_mixed ? Sums::mixed_feeds : feed;
    sums.price_places = price_places;
    sums.volume_places = volume_places;
    return sums;
  }

 private:
  static constexpr std::int64_t limit = std::int64_t{1} << 53;
};

}  // namespace tidemark
