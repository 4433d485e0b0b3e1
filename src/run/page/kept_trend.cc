#include "run/page/kept_trend.h"

#include <algorithm>
#include <limits>

namespace tidemark {
namespace {

template <typename Integer>
bool fits_in(Int128 value) {
  return value >= std::numeric_limits<Integer>::min() && value <= std::numeric_limits<Integer>::max();
}

// The number of a column, 0 if there is none.
template <typename Column>
Int128 number_of(Column column, const Trend& trend) {
  if constexpr (Column::nullable)
    return column.of(trend).value_or(0);
  else
    return column.of(trend);
}

template <typename Column>
bool has_number(Column column, const Trend& trend) {
  if constexpr (Column::nullable)
    return column.of(trend).has_value();
  else
    return true;
}

constexpr bool is_number(ColumnKind kind) { return takes_64_bits(kind) || takes_32_bits(kind); }

}  // namespace

static_assert(sizeof(KeptTrend) == 128, "four fit in a block of a deque");
static_assert(count_trend_columns(is_number) <= 16, "absent_ has a bit for each");
static_assert(count_trend_columns([](ColumnKind kind) { return kind == ColumnKind::Name; }) == 2, "symbol and feed");
static_assert(count_trend_columns([](ColumnKind kind) { return kind == ColumnKind::Time; }) == 2,
              "those of the window");

bool KeptTrend::fits(const Trend& trend) const {
  bool all = !trend.feed || trend.feed->size() <= longest_feed;
  for_each_trend_column([&](auto column) {
    if constexpr (takes_64_bits(column.kind)) all = all && fits_in<std::int64_t>(number_of(column, trend));
    if constexpr (takes_32_bits(column.kind)) all = all && fits_in<std::int32_t>(number_of(column, trend));
  });
  return all;
}

void KeptTrend::keep_feed(const std::optional<std::string>& feed) {
  if (!feed) return;
  feed_length_ = static_cast<std::uint8_t>(feed->size());
  std::ranges::copy(*feed, feed_.begin());
}

KeptTrend::KeptTrend(const Trend& trend) : window_(trend.window), revision_(trend.revision), status_(trend.status) {
  if (!fits(trend)) {
    whole_ = std::make_unique<const Trend>(trend);
    return;
  }
  price_places_ = static_cast<std::uint8_t>(trend.price_places);
  volume_places_ = static_cast<std::uint8_t>(trend.volume_places);
  keep_feed(trend.feed);
  std::size_t wide = 0, narrow = 0, word = 0;
  unsigned number = 0;
  for_each_trend_column([&](auto column) {
    if constexpr (takes_64_bits(column.kind)) wide_[wide++] = static_cast<std::int64_t>(number_of(column, trend));
    if constexpr (takes_32_bits(column.kind)) narrow_[narrow++] = static_cast<std::int32_t>(number_of(column, trend));
    if constexpr (is_number(column.kind))
      absent_ = static_cast<std::uint16_t>(absent_ | (has_number(column, trend) ? 0u : 1u) << number++);
    if constexpr (takes_a_byte(column.kind)) words_[word++] = static_cast<std::uint8_t>(column.of(trend));
  });
}

Trend KeptTrend::trend(std::string_view symbol) const {
  if (whole_) return *whole_;
  Trend trend;
  trend.symbol = symbol;
  trend.window = window_;
  trend.price_places = price_places_;
  trend.volume_places = volume_places_;
  if (feed_length_ != no_feed) trend.feed.emplace(feed_.data(), feed_length_);
  std::size_t wide = 0, narrow = 0, word = 0;
  unsigned number = 0;
  for_each_trend_column([&](auto column) {
    auto& member = column.of(trend);
    if constexpr (is_number(column.kind)) {
      std::int64_t value = 0;
      if constexpr (takes_64_bits(column.kind))
        value = wide_[wide++];
      else
        value = narrow_[narrow++];
      if ((absent_ >> number++ & 1u) == 0) member = value;
    }
    if constexpr (takes_a_byte(column.kind))
      member = static_cast<std::remove_cvref_t<decltype(member)>>(words_[word++]);
  });
  return trend;
}

}  // namespace tidemark
