// A trend as the board keeps it: the same row in 128 bytes, about a third of a Trend. With 10,000 symbols the board has 400,000.
//
// Nearly every number fits in 64 bits, every ratio and count in 32, and the name of a feed in a few letters. A row of which something does
// not fit is kept as it is. The symbol is not kept: it is the board's key. Walks the table of columns, so a new column is kept, too.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

#include "core/market/trend.h"
#include "core/market/trend_columns.h"

namespace tidemark {

// What a column takes in a kept row.
constexpr bool takes_64_bits(ColumnKind kind) { return kind == ColumnKind::Price || kind == ColumnKind::Volume; }
constexpr bool takes_32_bits(ColumnKind kind) { return kind == ColumnKind::Ratio || kind == ColumnKind::Count; }
constexpr bool takes_a_byte(ColumnKind kind) { return kind == ColumnKind::Word; }

// How many columns have a kind for which `is_counted` returns true.
template <typename Counts>
consteval std::size_t count_trend_columns(Counts is_counted) {
  std::size_t count = 0;
  for_each_trend_column([&](auto column) { count += is_counted(column.kind) ? 1 : 0; });
  return count;
}

class KeptTrend {
 public:
  explicit KeptTrend(const Trend& trend);

  const Window& window() const { return window_; }
  TrendStatus status() const { return status_; }
  std::int64_t revision() const { return revision_; }

  // The row that it was made of, if the symbol is that of the row.
  Trend trend(std::string_view symbol) const;

 private:
  static constexpr std::size_t longest_feed = 12, no_feed = 255;

  bool fits(const Trend& trend) const;
  void keep_feed(const std::optional<std::string>& feed);

  Window window_;
  std::int64_t revision_;
  std::unique_ptr<const Trend> whole_;  // set: nothing of what follows is
  std::array<std::int64_t, count_trend_columns(takes_64_bits)> wide_{};
  std::array<std::int32_t, count_trend_columns(takes_32_bits)> narrow_{};
  std::array<std::uint8_t, count_trend_columns(takes_a_byte)> words_{};
  std::uint16_t absent_ = 0;  // a bit for each number, wide or narrow, in the order of the table
  std::uint8_t price_places_ = 0, volume_places_ = 0;
  TrendStatus status_;
  std::uint8_t feed_length_ = no_feed;
  std::array<char, longest_feed> feed_{};
};

}  // namespace tidemark
