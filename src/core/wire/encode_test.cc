// How bars, trends, numbers and strings are written (contract/semantics.md §2.9, §2.10, §4, §4.2).
#include "core/wire/encode.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <limits>
#include <vector>

#include "core/number/places.h"
#include "core/simulator/random.h"
#include "core/time/timestamp.h"
#include "core/wire/decode.h"

namespace tidemark {
namespace {

// Digit by digit. The writer under test takes two at a time from tables.
std::string plain_digits(UInt128 value) {
  std::string text;
  do {
    text.insert(text.begin(), static_cast<char>('0' + static_cast<int>(value % 10)));
    value /= 10;
  } while (value != 0);
  return text;
}

// `value` in units of 10^-places, with all its places.
std::string with_places(Int128 value, std::size_t places) {
  std::string text = plain_digits(magnitude(value));
  while (text.size() <= places) text.insert(text.begin(), '0');
  text.insert(text.size() - places, ".");
  return (value < 0 ? "-" : "") + text;
}

std::string shortest(Int128 nanos) {
  std::string text = with_places(nanos, 9);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text;
}

// 0, and every power of ten with its neighbours, also negative: where the number of digits changes.
std::vector<Int128> borders() {
  std::vector<Int128> values{0};
  Int128 power = 1;
  for (int exponent = 0; exponent <= 37; ++exponent, power *= 10)
    for (const Int128 factor : {1, 2, 5, 9})
      for (Int128 offset = -2; offset <= 2; ++offset)
        for (const Int128 sign : {1, -1})
          if (exponent < 37 || factor == 1) values.push_back(sign * (power * factor + offset));
  for (int bit = 0; bit < 126; ++bit) values.push_back((Int128{1} << bit) - 1), values.push_back(Int128{1} << bit);
  return values;
}

TEST(AppendDecimal, IsTheShortestExactOne) {
  for (const Int128 value : borders()) {
    std::string out;
    append_decimal(value, out);
    ASSERT_EQ(out, shortest(value));
  }
}

TEST(AppendFixed4, AlwaysHasFourPlaces) {
  for (const Int128 value : borders()) {
    std::string out;
    append_fixed4(value, out);
    ASSERT_EQ(out, with_places(value, 4));
  }
}

struct Written {
  Int128 units;
  std::string_view text;
};

TEST(AppendDecimal, ExamplesOfTheContract) {
  for (const auto& [nanos, text] : {Written{175'300'000'000, "175.3"}, Written{1, "0.000000001"}, Written{0, "0"},
                                    Written{-500'000'000, "-0.5"}, Written{100'000'000'000, "100"}}) {
    std::string out;
    append_decimal(nanos, out);
    EXPECT_EQ(out, text);
  }
}

TEST(AppendFixed4, ExamplesOfTheContract) {
  for (const auto& [units, text] :
       {Written{1'753'000, "175.3000"}, Written{0, "0.0000"}, Written{-1, "-0.0001"}, Written{-10'000, "-1.0000"}}) {
    std::string out;
    append_fixed4(units, out);
    EXPECT_EQ(out, text);
  }
}

struct Quoted {
  std::string_view text, json;
};
constexpr std::array strings{
    Quoted{"", R"("")"},
    Quoted{"AAPL", R"("AAPL")"},
    Quoted{"a\"b\\c/d", R"("a\"b\\c/d")"},
    Quoted{"\b\t\n\f\r", R"("\b\t\n\f\r")"},
    Quoted{std::string_view("\0\x01\x0b\x0e\x1f\x7f", 6), "\"\\u0000\\u0001\\u000b\\u000e\\u001f\x7f\""},
    Quoted{"caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80 \xe2\x80\xa8",
           "\"caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80 \xe2\x80\xa8\""},
    Quoted{"\"", R"("\"")"},
};

TEST(AppendJsonString, EscapesWhatJsonDemandsAndNothingElse) {
  for (const Quoted& row : strings) {
    std::string out = "x";
    append_json_string(row.text, out);
    EXPECT_EQ(out, "x" + std::string(row.json));
  }
}

TEST(AppendBar, WritesAllKeysInOrder) {
  Bar bar;
  bar.symbol = "BRK.B";
  bar.feed = "si\"p";
  bar.values.time = event_time_from_nanos(1'795'357'800'500'000'000);  // 2026-11-22T14:30:00.5Z
  bar.values.open = Price{175'300'000'000};
  bar.values.high = Price{176'000'000'000};
  bar.values.low = Price{1};
  bar.values.close = Price{175'420'000'000};
  bar.values.volume = Decimal{static_cast<Int128>(999'999'999'999'999'999) * 1'000'000'000 + 999'999'999};
  bar.values.vwap = Price{-175'380'000'000};
  bar.values.trade_count = OptionalCount{std::numeric_limits<std::int64_t>::max()};
  bar.values.price_change = Decimal{120'000'000};
  bar.values.pct_change = Decimal{-68'500'000};
  bar.values.direction = Direction::Up;
  std::string out;
  append_bar(bar, out);
  EXPECT_EQ(out, R"({"symbol":"BRK.B","timestamp":"2026-11-22T14:30:00.5Z","open":175.3,"high":176,"low":0.000000001,)"
                 R"("close":175.42,"volume":999999999999999999.999999999,"vwap":-175.38,"price_change":0.12,)"
                 R"("pct_change":-0.0685,"direction":"up","trade_count":9223372036854775807,"feed":"si\"p"})");

  bar.values.vwap = OptionalPrice{};
  bar.values.trade_count = OptionalCount{};
  bar.values.direction = Direction::Flat;
  bar.feed.reset();
  out.clear();
  append_judged_bar(bar, Verdict::Corrected, 42, out);
  EXPECT_EQ(out.substr(out.find(R"("vwap")")),
            R"("vwap":null,"price_change":0.12,"pct_change":-0.0685,"direction":"flat","trade_count":null,"feed":null,)"
            R"("verdict":"corrected","position":42})");
}

TEST(AppendTrend, WritesAllKeysInOrder) {
  Trend trend;
  trend.symbol = "AAPL";
  trend.window = {event_time_from_nanos(1'795'357'800'000'000'000), event_time_from_nanos(1'795'358'100'000'000'000)};
  trend.avg_close = 175'305'000'000;
  trend.max_close = 175'420'000'000;
  trend.min_close = 175'200'000'000;
  trend.avg_volume = 1'200'000'000'000;
  trend.volatility = 90'500'000;
  trend.avg_vwap = -100'000;
  trend.avg_pct_change = -685;
  trend.buy_pressure = 6'000;
  trend.bar_count = 5;
  trend.price_range = 220'000'000;
  trend.vwap_deviation_pct = static_cast<Int128>(1) << 70;  // 1180591620717411303424
  trend.signal = Signal::Neutral;
  trend.status = TrendStatus::Update;
  trend.revision = 6;
  trend.feed = "iex";
  std::string out;
  append_trend(trend, out);
  EXPECT_EQ(
      out,
      R"({"symbol":"AAPL","window_start":"2026-11-22 14:30:00","window_end":"2026-11-22 14:35:00",)"
      R"("avg_close":175.3050,"max_close":175.4200,"min_close":175.2000,"avg_volume":1200,"volatility":0.0905,)"
      R"("avg_vwap":-0.0001,"avg_pct_change":-0.0685,"buy_pressure":0.6000,"bar_count":5,"price_range":0.2200,)"
      R"("vwap_deviation_pct":118059162071741130.3424,"trend_signal":"NEUTRAL","status":"update","revision":6,"feed":"iex"})");

  trend.volatility.reset();
  trend.avg_vwap.reset();
  trend.vwap_deviation_pct.reset();
  trend.feed.reset();
  trend.status = TrendStatus::Final;
  out.clear();
  append_trend(trend, out);
  EXPECT_NE(out.find(R"("volatility":null,"avg_vwap":null,"avg_pct_change")"), std::string::npos);
  EXPECT_NE(out.find(R"("vwap_deviation_pct":null,)"), std::string::npos);
  EXPECT_NE(out.find(R"("status":"final","revision":6,"feed":null})"), std::string::npos);
}

TEST(AppendTrend, WritesAsManyPlacesAsTheWindowNeeds) {
  Trend trend;
  trend.price_places = 9;
  trend.volume_places = 2;
  trend.avg_close = 8'123;
  trend.max_close = 8'130;
  trend.min_close = 8'120;
  trend.avg_volume = 120'250'000'000;
  trend.volatility = 5;
  trend.avg_vwap = 0;
  trend.price_range = 10;
  std::string out;
  append_trend(trend, out);
  EXPECT_NE(out.find(R"("avg_close":0.000008123,"max_close":0.000008130,"min_close":0.000008120,"avg_volume":120.25,)"
                     R"("volatility":0.000000005,"avg_vwap":0.000000000,"avg_pct_change":0.0000,)"),
            std::string::npos)
      << out;
  EXPECT_NE(out.find(R"("price_range":0.000000010,)"), std::string::npos) << out;
}

TEST(AppendFixed, HasThePlacesThatAreAskedFor) {
  for (const Int128 value : borders()) {
    for (int places = 0; places <= 9; ++places) {
      const Int128 nanos = value / 1'000'000'000 * unit_of_place(places);
      std::string out;
      append_fixed(nanos, places, out);
      const std::string with_point = with_places(nanos / unit_of_place(places), static_cast<std::size_t>(places));
      ASSERT_EQ(out, places == 0 ? with_point.substr(0, with_point.size() - 1) : with_point);
    }
  }
}

// Every number of a trend at its longest, in a buffer of fixed size.
TEST(AppendTrend, HoldsTheLongestRow) {
  constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
  Trend trend;
  trend.symbol = std::string(32, '"');
  trend.window = {event_time_from_nanos(9'214'732'740'000'000'000), event_time_from_nanos(9'214'732'740'000'000'000)};
  for (std::int64_t* const number : {&trend.buy_pressure, &trend.bar_count, &trend.revision}) *number = least;
  trend.price_places = trend.volume_places = 9;
  for (Int128* const number : {&trend.avg_close, &trend.max_close, &trend.min_close, &trend.price_range})
    *number = static_cast<Int128>(least) * 2;
  trend.volatility = trend.avg_vwap = static_cast<Int128>(least) * 2;
  trend.avg_volume = -static_cast<Int128>(1'000'000'000'000'000'000) * 1'000'000'000 + 1;
  trend.avg_pct_change = 1;  // less than 10^27 % by the contract
  for (int i = 0; i < 31; ++i) trend.avg_pct_change *= 10;
  trend.avg_pct_change = 1 - trend.avg_pct_change;
  trend.vwap_deviation_pct = trend.avg_pct_change;
  trend.feed = std::string(60'000, '\x01');
  std::string out;
  append_trend(trend, out);
  EXPECT_NE(out.find(R"("avg_close":-18446744073.709551616,)"), std::string::npos);
  EXPECT_NE(out.find(R"("avg_volume":-999999999999999999.999999999,)"), std::string::npos);
  EXPECT_NE(out.find(R"("avg_pct_change":-999999999999999999999999999.9999,)"), std::string::npos);
  EXPECT_EQ(decode_trend(out), trend);
}

std::int64_t any_integer(Random& random) {
  const auto bits = static_cast<int>(random.next() % 64);
  return static_cast<std::int64_t>(random.next()) >> bits;
}
Int128 any_wide(Random& random) {
  return static_cast<Int128>(any_integer(random)) * (random.next() % 2 == 0 ? 1 : 1'000'000'007);
}
std::string any_text(Random& random) {
  std::string text;
  for (std::uint64_t size = random.next() % 12; size > 0; --size) text += static_cast<char>(random.next() % 128);
  return text;
}
EventTime any_time(Random& random) {  // from the epoch to 2262
  return event_time_from_nanos(static_cast<std::int64_t>(random.next() % 9'214'732'739'999'999'999));
}

TEST(AppendTrend, IsReadBackAsItWas) {
  Random random(1);
  for (int round = 0; round < 20'000; ++round) {
    Trend trend;
    trend.symbol = any_text(random);
    trend.window.start = floor_to(any_time(random), std::chrono::seconds(1));
    trend.window.end = trend.window.start + std::chrono::minutes(5);
    for (std::int64_t* const number : {&trend.buy_pressure, &trend.bar_count, &trend.revision})
      *number = any_integer(random);
    trend.price_places = static_cast<int>(4 + random.next() % 6);
    trend.volume_places = static_cast<int>(random.next() % 10);
    const auto price = [&] {
      const std::int64_t unit = unit_of_place(trend.price_places);
      return static_cast<Int128>(any_integer(random)) / unit * unit;
    };
    for (Int128* const number : {&trend.avg_close, &trend.max_close, &trend.min_close, &trend.price_range})
      *number = price();
    trend.avg_volume = any_wide(random) / unit_of_place(trend.volume_places) * unit_of_place(trend.volume_places);
    if (random.next() % 2 == 0) trend.volatility = price();
    if (random.next() % 2 == 0) trend.avg_vwap = price();
    trend.avg_pct_change = any_wide(random);
    if (random.next() % 2 == 0) trend.vwap_deviation_pct = any_wide(random);
    trend.signal = static_cast<Signal>(random.next() % 3);
    trend.status = static_cast<TrendStatus>(random.next() % 2);
    if (random.next() % 2 == 0) trend.feed = any_text(random);
    std::string out;
    append_trend(trend, out);
    ASSERT_EQ(decode_trend(out), trend) << out;
  }
}

// A written bar is a record like any other: reading it gives the same bar, and writing that gives the same bytes.
TEST(AppendBar, IsDecodedAsItWas) {
  Random random(2);
  Decoder decoder;
  int decoded_bars = 0;
  for (int round = 0; round < 20'000; ++round) {
    Bar bar;
    const std::string feed = any_text(random);
    bar.symbol = "SYM";
    if (random.next() % 2 == 0) bar.feed = feed;
    BarValues& values = bar.values;
    values.time = any_time(random);
    const auto price = [&] {
      return 1 + static_cast<std::int64_t>(random.next() % 9'223'372'036'854'775'806u >> random.next() % 63);
    };
    std::array prices{price(), price(), price(), price()};
    std::sort(prices.begin(), prices.end());
    values.low.nanos = prices[0];
    values.open.nanos = prices[1];
    values.close.nanos = prices[2];
    values.high.nanos = prices[3];
    if (random.next() % 2 == 0) std::swap(values.open, values.close);
    if (random.next() % 2 == 0) values.vwap = Price{any_integer(random) / 2 | 1};  // 0 is none
    if (random.next() % 2 == 0)
      values.trade_count = OptionalCount{any_integer(random) & std::numeric_limits<std::int64_t>::max()};
    values.volume.nanos =
        magnitude(any_wide(random)) % (static_cast<UInt128>(1'000'000'000) * 1'000'000'000'000'000'000u);
    values.price_change.nanos = any_wide(random);
    values.pct_change.nanos = any_wide(random);
    values.direction = static_cast<Direction>(random.next() % 3);
    std::string record;
    append_bar(bar, record);
    const Decoded decoded = decoder.decode(record);
    const Bar* const again = std::get_if<Bar>(&decoded);
    if (!again && values.time >= event_time_from_nanos(9'214'646'400'000'000'000)) continue;  // bars cannot be in 2262
    ASSERT_TRUE(again) << record;
    ++decoded_bars;
    ASSERT_EQ(again->symbol, bar.symbol) << record;
    ASSERT_EQ(again->feed, bar.feed) << record;
    ASSERT_EQ(again->values, values) << record;

    std::string judged;
    append_judged_bar(bar, Verdict::Late, round, judged);
    const auto back = decode_judged_bar(judged);
    ASSERT_TRUE(back.has_value()) << judged;
    ASSERT_EQ(back->values, values) << judged;
    ASSERT_EQ(back->feed, bar.feed ? std::optional<std::string>(feed) : std::nullopt) << judged;
    ASSERT_EQ(back->verdict, Verdict::Late);
    ASSERT_EQ(back->position, round);
  }
  EXPECT_GT(decoded_bars, 19'000);
}

}  // namespace
}  // namespace tidemark
