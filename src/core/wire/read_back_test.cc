// Reads back our own rows, all of them (encode_test.cc), refuses damaged ones, and reads rows of other writers, which
// have the same keys in their own form (contract/semantics.md §4.2).
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/wire/decode.h"
#include "core/wire/encode.h"

namespace tidemark {
namespace {

constexpr std::string_view trend_row =
    R"({"symbol":"A\"B","window_start":"2026-11-22 14:30:00","window_end":"2026-11-22 14:35:00","avg_close":175.3050,)"
    R"("max_close":175.4200,"min_close":175.2000,"avg_volume":1200,"volatility":0.0905,"avg_vwap":null,"avg_pct_change":-0.0685,)"
    R"("buy_pressure":0.6000,"bar_count":5,"price_range":0.2200,"vwap_deviation_pct":null,"trend_signal":"BEARISH",)"
    R"("status":"final","revision":6,"feed":"i\u0001\\x"})";

constexpr std::string_view bar_row =
    R"({"symbol":"A","timestamp":"2026-11-22T14:30:00.5Z","open":175.3,"high":176,"low":0.000000001,"close":175.42,)"
    R"("volume":1200.5,"vwap":null,"price_change":0.12,"pct_change":-0.0685,"direction":"up","trade_count":31,"feed":null,)"
    R"("verdict":"corrected","position":42})";

constexpr std::string_view letter_row =
    R"({"reason":"wrong_type","field":"open","source":"alpaca_trends","position":723,"record":"{\"open\":\u0001\\ü\t}"})";
constexpr std::string_view bytes_row =
    R"({"reason":"too_long","field":"","source":"a\"b","position":1,"record":null,"record_base64":"//4gbm8gdGV4dA==",)"
    R"("record_bytes":70012})";

TEST(ReadBack, FillsADeadLetter) {
  const auto letter = decode_dead_letter(letter_row);
  ASSERT_TRUE(letter.has_value());
  EXPECT_EQ(letter->reason, Reason::WrongType);
  EXPECT_EQ(letter->field, "open");
  EXPECT_EQ(letter->source, "alpaca_trends");
  EXPECT_EQ(letter->position, 723);
  EXPECT_EQ(letter->record, "{\"open\":\x01\\\xc3\xbc\t}");
  EXPECT_EQ(letter->bytes_in_all, std::nullopt);

  const auto bytes = decode_dead_letter(bytes_row);
  ASSERT_TRUE(bytes.has_value());
  EXPECT_EQ(bytes->reason, Reason::TooLong);
  EXPECT_EQ(bytes->source, "a\"b");
  EXPECT_EQ(bytes->record, "\xff\xfe no text");
  EXPECT_EQ(bytes->bytes_in_all, 70'012);
}

TEST(ReadBack, ADeadLetterComesBackAsItWent) {
  std::string every_byte, every_ascii;
  for (int byte = 0; byte < 256; ++byte) every_byte += static_cast<char>(byte);
  for (int byte = 0; byte < 128; ++byte) every_ascii += static_cast<char>(byte);
  const std::string records[] = {"", every_byte, every_ascii, std::string(70'000, 'x'), "\xed\xa0\x80", "🌊"};
  for (std::size_t reason = 0; reason < reason_count; ++reason) {
    for (const std::string& record : records) {
      std::string json;
      append_dead_letter({static_cast<Reason>(reason), "field"}, {"source", 7}, record, record.size(), json);
      const auto letter = decode_dead_letter(json);
      ASSERT_TRUE(letter.has_value()) << json;
      EXPECT_EQ(letter->reason, static_cast<Reason>(reason));
      EXPECT_EQ(letter->record, record.substr(0, max_record_bytes));
      EXPECT_EQ(letter->bytes_in_all.has_value(), record.size() > max_record_bytes);
    }
  }
}

TEST(ReadBack, FillsATrend) {
  const auto trend = decode_trend(trend_row);
  ASSERT_TRUE(trend.has_value());
  EXPECT_EQ(trend->symbol, "A\"B");
  EXPECT_EQ(nanos_since_epoch(trend->window.start), 1'795'357'800'000'000'000);
  EXPECT_EQ(trend->window.end - trend->window.start, std::chrono::minutes(5));
  EXPECT_EQ(trend->price_places, 4);
  EXPECT_EQ(trend->volume_places, 0);
  EXPECT_TRUE(trend->avg_close == 175'305'000'000);
  EXPECT_TRUE(trend->max_close == 175'420'000'000);
  EXPECT_TRUE(trend->min_close == 175'200'000'000);
  EXPECT_TRUE(trend->avg_volume == 1'200'000'000'000);
  EXPECT_TRUE(trend->volatility == 90'500'000);
  EXPECT_FALSE(trend->avg_vwap.has_value());
  EXPECT_TRUE(trend->avg_pct_change == -685);
  EXPECT_EQ(trend->buy_pressure, 6'000);
  EXPECT_EQ(trend->bar_count, 5);
  EXPECT_TRUE(trend->price_range == 220'000'000);
  EXPECT_FALSE(trend->vwap_deviation_pct.has_value());
  EXPECT_EQ(trend->signal, Signal::Bearish);
  EXPECT_EQ(trend->status, TrendStatus::Final);
  EXPECT_EQ(trend->revision, 6);
  EXPECT_EQ(trend->feed, "i\x01\\x");
}

TEST(ReadBack, FillsAJudgedBar) {
  const auto bar = decode_judged_bar(bar_row);
  ASSERT_TRUE(bar.has_value());
  EXPECT_EQ(bar->symbol, "A");
  EXPECT_EQ(nanos_since_epoch(bar->values.time), 1'795'357'800'500'000'000);
  EXPECT_EQ(bar->values.low.nanos, 1);
  EXPECT_TRUE(bar->values.volume.nanos == 1'200'500'000'000);
  EXPECT_FALSE(bar->values.vwap.has_value());
  EXPECT_EQ(bar->values.trade_count.value(), 31);
  EXPECT_EQ(bar->feed, std::nullopt);
  EXPECT_EQ(bar->verdict, Verdict::Corrected);
  EXPECT_EQ(bar->position, 42);
}

// Reads a copy that ends where its memory ends, so that a sanitizer sees every byte read beyond it.
template <typename Row, typename Decode>
void expect_no_beginning_is_a_row(Row row, Decode decode) {
  for (std::size_t size = 0; size < row.size(); ++size) {
    const std::vector<char> bytes(row.begin(), row.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_FALSE(decode(std::string_view(bytes.data(), bytes.size())).has_value()) << row.substr(0, size);
  }
  EXPECT_FALSE(decode(std::string(row) + "x").has_value());
  EXPECT_FALSE(decode("," + std::string(row)).has_value());
}

TEST(ReadBack, NoBeginningOfARowIsOne) {
  expect_no_beginning_is_a_row(trend_row, decode_trend);
  expect_no_beginning_is_a_row(bar_row, decode_judged_bar);
  expect_no_beginning_is_a_row(letter_row, decode_dead_letter);
  expect_no_beginning_is_a_row(bytes_row, decode_dead_letter);
}

// Whatever a damaged log holds is a row or no row. It never ends the program.
TEST(ReadBack, EveryDamagedByteIsHarmless) {
  for (const std::string_view row : {trend_row, bar_row, letter_row, bytes_row}) {
    for (std::size_t place = 0; place < row.size(); ++place) {
      for (int byte = 0; byte < 256; ++byte) {
        std::vector<char> damaged(row.begin(), row.end());
        damaged[place] = static_cast<char>(byte);
        const std::string_view text(damaged.data(), damaged.size());
        (void)decode_trend(text);
        (void)decode_judged_bar(text);
        (void)decode_dead_letter(text);
      }
    }
  }
}

TEST(ReadBack, UnknownWordsAreNoRow) {
  const auto with = [](std::string_view row, std::string_view old, std::string_view fresh) {
    std::string text(row);
    return text.replace(text.find(old), old.size(), fresh);
  };
  EXPECT_FALSE(decode_trend(with(trend_row, "BEARISH", "BEAR")).has_value());
  EXPECT_FALSE(decode_trend(with(trend_row, "\"final\"", "\"Final\"")).has_value());
  EXPECT_FALSE(decode_trend(with(trend_row, "14:30:00", "24:30:00")).has_value());
  EXPECT_FALSE(decode_trend(with(trend_row, "1200", "\"1200\"")).has_value());
  EXPECT_FALSE(decode_trend(with(trend_row, "\"bar_count\":5", "\"bar_count\":5.5")).has_value());
  EXPECT_FALSE(decode_trend(with(trend_row, "175.3050", "1e99")).has_value());
  EXPECT_FALSE(decode_judged_bar(with(bar_row, "corrected", "right")).has_value());
  EXPECT_FALSE(decode_judged_bar(with(bar_row, "\"up\"", "\"Up\"")).has_value());
  EXPECT_FALSE(decode_judged_bar(with(bar_row, "\"A\"", "null")).has_value());
  EXPECT_FALSE(decode_dead_letter(with(letter_row, "wrong_type", "wrong")).has_value());
  EXPECT_FALSE(decode_dead_letter(with(bytes_row, "//4g", "//4")).has_value());
}

// 2.7: a bar that an older program wrote.
TEST(ReadBack, AVwapOfZeroIsNone) {
  std::string row(bar_row);
  row.replace(row.find("\"vwap\":null"), 11, "\"vwap\":0");
  const auto bar = decode_judged_bar(row);
  ASSERT_TRUE(bar.has_value());
  EXPECT_FALSE(bar->values.vwap.has_value());
}

// A row of contract 2 keeps the places that its window needs.
TEST(ReadBack, ATrendKeepsItsPlaces) {
  constexpr std::string_view row =
      R"({"symbol":"SHIB/USD","window_start":"2026-11-22 14:30:00","window_end":"2026-11-22 14:35:00",)"
      R"("avg_close":0.000008120,"max_close":0.000008130,"min_close":0.000008110,"avg_volume":120.20,)"
      R"("volatility":0.000000010,"avg_vwap":0.000008100,"avg_pct_change":0.0000,"buy_pressure":0.0000,"bar_count":2,)"
      R"("price_range":0.000000020,"vwap_deviation_pct":0.2469,"trend_signal":"NEUTRAL","status":"update","revision":2,)"
      R"("feed":null})";
  const auto trend = decode_trend(row);
  ASSERT_TRUE(trend.has_value());
  EXPECT_EQ(trend->price_places, 9);
  EXPECT_EQ(trend->volume_places, 2);
  EXPECT_TRUE(trend->avg_close == 8'120);
  EXPECT_TRUE(trend->avg_volume == 120'200'000'000);
  std::string again;
  append_trend(*trend, again);
  EXPECT_EQ(again, row);
}

// Today's rows as others write them: other orders, spaces, keys of a later version, escapes, numbers with an exponent,
// nulls omitted as Spark omits them.
TEST(ReadBack, ATrendIsReadWhoeverWroteIt) {
  const auto ours = decode_trend(trend_row);
  ASSERT_TRUE(ours.has_value());
  for (const std::string_view row : {
           R"( { "symbol" : "A\"B" , "window_start" : "2026-11-22 14:30:00", "window_end": "2026-11-22 14:35:00",
              "avg_close": 175.3050, "max_close": 175.4200, "min_close": 175.2000, "avg_volume": 1200,
              "volatility": 0.0905, "avg_vwap": null, "avg_pct_change": -0.0685, "buy_pressure": 0.6000, "bar_count": 5,
              "price_range": 0.2200, "vwap_deviation_pct": null, "trend_signal": "BEARISH", "status": "final",
              "revision": 6, "feed": "i\u0001\\x" } )",
           R"({"rsi_14":{"value":[1,{}]},"feed":"i\u0001\\x","revision":6,"trend_signal":"BEARISH","price_range":0.22,)"
           R"("bar_count":5,"buy_pressure":6e-1,"avg_pct_change":-0.0685,"volatility":0.0905,"avg_volume":1.2e3,)"
           R"("min_close":175.2,"max_close":175.42,"avg_close":175.305,"window_end":"2026-11-22 14:35:00",)"
           R"("window_start":"2026-11-22 14:30:00","\u0073ymbol":"A\"B","macd":null})",
       }) {
    const auto trend = decode_trend(row);
    ASSERT_TRUE(trend.has_value()) << row;
    EXPECT_EQ(*trend, *ours) << row;
  }
}

TEST(ReadBack, WhatATrendMayLackHasAMeaning) {
  std::string row(trend_row);
  row.replace(row.find(R"(,"status")"), row.size(), "}");
  const auto trend = decode_trend(row);
  ASSERT_TRUE(trend.has_value());
  EXPECT_EQ(trend->status, TrendStatus::Final);
  EXPECT_EQ(trend->revision, 5);  // each of its bars, once
  EXPECT_FALSE(trend->feed.has_value());
  for (const std::string_view key :
       {"symbol", "window_start", "window_end", "avg_close", "max_close", "min_close", "avg_volume", "avg_pct_change",
        "buy_pressure", "bar_count", "price_range", "trend_signal"}) {
    std::string without(row);
    without.replace(without.find("\"" + std::string(key) + "\"") + 1, 1, "_");
    EXPECT_FALSE(decode_trend(without).has_value()) << key;
  }
  EXPECT_FALSE(decode_trend(R"([)" + std::string(trend_row) + "]").has_value());
  EXPECT_FALSE(decode_trend(std::string(trend_row).insert(1, R"("bar_count":5,)")).has_value());  // a duplicate key
}

TEST(ReadBack, AJudgedBarIsReadWhoeverWroteIt) {
  const auto bar = decode_judged_bar(
      R"({"position": 42, "verdict": "corrected", "later": [], "symbol": "A", "timestamp": "1969-12-31T23:00:00Z",)"
      R"( "open": 175.3, "high": 176, "low": 1e-9, "close": 175.42, "volume": 1200.50, "vwap": 0, "direction": "up"})");
  ASSERT_TRUE(bar.has_value());
  EXPECT_EQ(bar->symbol, "A");
  EXPECT_EQ(nanos_since_epoch(bar->values.time), -3'600'000'000'000);  // an offset may have moved it
  EXPECT_EQ(bar->values.low.nanos, 1);
  EXPECT_TRUE(bar->values.volume.nanos == 1'200'500'000'000);
  EXPECT_FALSE(bar->values.vwap.has_value());
  EXPECT_TRUE(bar->values.price_change.nanos == 120'000'000);  // derived (2.7)
  EXPECT_TRUE(bar->values.pct_change.nanos == 68'500'000);     // 0.12 / 175.3 × 100 = 0.06845…
  EXPECT_EQ(bar->values.direction, Direction::Up);
  EXPECT_FALSE(bar->values.trade_count.has_value());
  EXPECT_FALSE(bar->feed.has_value());
  EXPECT_EQ(bar->verdict, Verdict::Corrected);
  EXPECT_EQ(bar->position, 42);

  std::string longer(bar_row);
  longer.insert(longer.size() - 1, R"(,"later":1)");
  const auto of_tomorrow = decode_judged_bar(longer);
  ASSERT_TRUE(of_tomorrow.has_value());
  EXPECT_EQ(of_tomorrow->values, decode_judged_bar(bar_row)->values);
  EXPECT_FALSE(decode_judged_bar(R"({"symbol":"A","verdict":"late","position":1})").has_value());
}

TEST(ReadBack, ADeadLetterOfALaterVersionIsReadToo) {
  for (const std::string_view row : {letter_row, bytes_row}) {
    std::string longer(row);
    longer.insert(1, R"("severity": 1, )");
    const auto letter = decode_dead_letter(longer), ours = decode_dead_letter(row);
    ASSERT_TRUE(letter.has_value() && ours.has_value()) << longer;
    EXPECT_EQ(letter->reason, ours->reason);
    EXPECT_EQ(letter->record, ours->record);
    EXPECT_EQ(letter->position, ours->position);
    EXPECT_EQ(letter->bytes_in_all, ours->bytes_in_all);
  }
}

}  // namespace
}  // namespace tidemark
