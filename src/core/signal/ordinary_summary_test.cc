// The summary in machine words against the one in wide integers: the same row, byte for byte.
#include "core/signal/ordinary_summary.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "core/number/places.h"
#include "core/signal/summary.h"
#include "core/simulator/random.h"
#include "core/wire/encode.h"
#include "core/wire/trend_lines.h"

namespace tidemark {
namespace {

// What a window's numbers are like. Spans are in units of 1e-9.
struct Shape {
  const char* name;
  std::int64_t close_unit, close_low, close_span;
  std::int64_t volume_unit, volume_span;
  std::uint64_t most_bars;
};

constexpr std::int64_t nanos_per_dollar = 1'000'000'000, cent = nanos_per_dollar / 100;
constexpr std::array shapes{
    Shape{"prices in cents", cent, 5 * nanos_per_dollar, 600 * nanos_per_dollar, nanos_per_dollar,
          300'000 * nanos_per_dollar, 5},
    Shape{"closes that hardly differ", cent, 100 * nanos_per_dollar, 3 * cent, nanos_per_dollar, 10 * nanos_per_dollar,
          6},
    Shape{"all closes alike", cent, 100 * nanos_per_dollar, 1, nanos_per_dollar, 10 * nanos_per_dollar, 5},
    Shape{"five decimals", nanos_per_dollar / 100'000, nanos_per_dollar, nanos_per_dollar, 1'000, 7 * nanos_per_dollar,
          7},
    Shape{"nine decimals", 1, 1, 5'000, 1, 3 * nanos_per_dollar, 9},
    Shape{"the largest ordinary numbers", 1, (std::int64_t{1} << 53) - 1'000'000, 999'999, 1, std::int64_t{1} << 52,
          512},
    Shape{"from least to largest", 1, 1, (std::int64_t{1} << 53) - 2, 1, std::int64_t{1} << 52, 512},
    Shape{"a long window", cent, 50 * nanos_per_dollar, 20 * nanos_per_dollar, nanos_per_dollar,
          1'000 * nanos_per_dollar, 300},
};

std::int64_t below(Random& random, std::int64_t bound) {
  return static_cast<std::int64_t>(random.next() % static_cast<std::uint64_t>(bound));
}

OrdinaryWindow any_window(const Shape& shape, Random& random) {
  OrdinaryWindow window;
  window.symbol = SymbolName("SYM");
  window.window = {event_time_from_nanos(0), event_time_from_nanos(300 * nanos_per_dollar)};
  const std::uint64_t vwaps = random.next() % 4;  // of all bars, of all bars and near the closes, of some, odd ones
  for (std::uint64_t bars = 1 + random.next() % shape.most_bars; bars > 0; --bars) {
    const std::int64_t offset = below(random, shape.close_span);
    std::int64_t close = shape.close_low + offset;
    if (close > shape.close_unit) close -= close % shape.close_unit;
    std::int64_t volume = below(random, shape.volume_span);
    volume -= volume % shape.volume_unit;
    OptionalPrice vwap;
    if (vwaps == 0) vwap = Price{close + below(random, 100'000'000) / 100'000 * 100'000};
    if (vwaps == 1) vwap = Price{close};
    if (vwaps == 2 && random.next() % 2 == 0) vwap = Price{close};
    if (vwaps == 3) vwap = known_vwap(Price{below(random, 7) - 3});
    const std::int64_t pct_change = (below(random, 2'000'000) - 1'000'000) * (random.next() % 3 == 0 ? 1 : 100'000);
    window.sums.add(Price{close}, vwap, volume, pct_change, random.next() % 2 == 0 ? Direction::Up : Direction::Flat, 0,
                    static_cast<std::int8_t>(price_places_for(close)),
                    static_cast<std::int8_t>(volume_places_for(volume)));
    window.sums.revision += 1 + below(random, 2);
  }
  return window;
}

TEST(OrdinarySummary, SaysWhatTheWideOneSays) {
  Random random(19);
  TrendLines writer;
  for (const Shape& shape : shapes) {
    const int rounds = shape.most_bars > 9 ? 500 : 10'000;
    for (int round = 0; round < rounds; ++round) {
      const OrdinaryWindow window = any_window(shape, random);
      Trend wide;
      summarize(window.widened(), TrendStatus::Final, wide);
      std::string narrow_row, wide_row;
      writer.append(summarize(window), narrow_row);
      append_trend(wide, wide_row);
      ASSERT_EQ(narrow_row, wide_row) << shape.name << ", round " << round;
    }
  }
}

TEST(OrdinarySummary, KeepsSymbolTimesAndFeed) {
  TrendLines writer;
  const std::string feed = "i\"ex";
  for (const char* symbol : {"A", "BTC/USD", "\"quoted\\", "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"}) {
    for (const std::int64_t minute : {0, 1, 0}) {
      OrdinaryWindow window;
      window.symbol = SymbolName(symbol);
      window.window = {event_time_from_nanos(minute * 60 * nanos_per_dollar),
                       event_time_from_nanos((minute + 5) * 60 * nanos_per_dollar)};
      window.sums.add(Price{nanos_per_dollar}, {}, nanos_per_dollar, 0, Direction::Up, 0, least_price_places, 0);
      window.sums.revision = 12;
      window.feed = &feed;
      Trend wide;
      summarize(window.widened(), TrendStatus::Final, wide);
      EXPECT_EQ(wide.symbol, symbol);
      EXPECT_EQ(wide.feed, feed);
      std::string narrow_row, wide_row;
      writer.append(summarize(window), narrow_row);
      append_trend(wide, wide_row);
      EXPECT_EQ(narrow_row, wide_row);
    }
  }
}

}  // namespace
}  // namespace tidemark
