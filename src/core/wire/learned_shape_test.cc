// The learned reader against the complete path: a bar that the learned one returns is the one that the complete path
// returns.
#include "core/wire/learned_shape.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/simulator/random.h"
#include "core/wire/damaged_test.h"
#include "core/wire/decode.h"

namespace tidemark {
namespace {

// Reads a copy that ends where its memory ends, so that a sanitizer sees every byte read beyond it. A new decoder has
// learned nothing.
Agreement compare(LearnedShape& shape, const std::string& text) {
  const std::vector<char> bytes(text.begin(), text.end());
  const std::string_view record(bytes.data(), bytes.size());
  Bar learned;
  if (!shape.read(record, learned)) return Agreement::LeftAlone;
  const Decoded complete = Decoder().decode(record);
  const auto* const bar = std::get_if<Bar>(&complete);
  if (!bar || bar->symbol != learned.symbol || bar->feed != learned.feed) return Agreement::Different;
  return bar->values == learned.values ? Agreement::Same : Agreement::Different;
}

const std::vector<std::string> learned_records{
    R"({"symbol": "QQQM", "timestamp": "2024-01-02T14:30:00+00:00", "open": 583.06, "high": 584.8, "low": 582.5, "close": 584.0, "volume": 214531, "vwap": 583.7667, "price_change": 0.94, "pct_change": 0.1612, "direction": "up", "ingested_at": "2024-01-02T14:30:58.402113"})",
    R"({"symbol":"AAPL","timestamp":"2026-11-22T14:30:00Z","open":175.3,"high":175.5,"low":175.2,"close":175.22,"volume":1200,"vwap":175.38,"price_change":-0.08,"pct_change":-0.0456,"direction":"down","trade_count":31,"feed":"sip"})",
    R"({"symbol":"BTC/USD","timestamp":"2026-11-22 14:30:00.123456789","open":97000.5,"high":97001,"low":96000.123456789,"close":96999.99,"volume":0.00012345,"vwap":null,"price_change":-0.51,"pct_change":-0.0005,"direction":"down","trade_count":null,"feed":null})",
    R"({"feed":"iex","close":1,"low":1,"high":1,"open":1,"volume":0,"timestamp":"2026-11-22T14:30:00Z","symbol":"A"})",
    R"({"symbol":"LONGER-THAN-A-WORD","timestamp":"2026-11-22T14:30:59.5-05:00","open":0.000000001,"high":999999999.999999999,"low":0.000000001,"close":12345678.5,"volume":123456789,"vwap":-0.5,"price_change":null,"pct_change":null,"direction":null,"ingested_at":null})",
};

TEST(LearnedShape, TakesRecordsOfTheShapeThatItLearned) {
  for (const std::string& record : learned_records) {
    LearnedShape shape;
    EXPECT_EQ(compare(shape, record), Agreement::LeftAlone) << record;
    shape.learn(record);
    EXPECT_EQ(compare(shape, record), Agreement::Same) << record;
    for (const std::string& other : learned_records)
      EXPECT_EQ(compare(shape, other), &other == &record ? Agreement::Same : Agreement::LeftAlone) << other;
  }
}

TEST(LearnedShape, EveryBeginningIsAnotherShape) {
  for (const std::string& record : learned_records) {
    LearnedShape shape;
    shape.learn(record);
    for (std::size_t size = 0; size < record.size(); ++size)
      ASSERT_EQ(compare(shape, record.substr(0, size)), Agreement::LeftAlone) << record.substr(0, size);
  }
}

TEST(LearnedShape, AgreesWithTheCompletePathOnEveryAccident) {
  Random random(20'261'130);
  for (const std::string& record : learned_records) {
    LearnedShape shape;
    shape.learn(record);
    expect_agreement(
        100'000, 1'000, [&] { return damaged(record, random); },
        [&](const std::string& text) { return compare(shape, text); });
  }
}

// Numbers of every length in every number field, in the middle of a record and at its end.
TEST(LearnedShape, AgreesOnNumbers) {
  Random random(8);
  const auto with = [](const std::string& close, const std::string& vwap, const std::string& trades) {
    return R"({"symbol":"A","timestamp":"2026-11-22T14:30:00Z","open":)" + close + R"(,"high":)" + close +
           R"(,"low":)" + close + R"(,"vwap":)" + vwap + R"(,"volume":)" + close + R"(,"trade_count":)" + trades +
           R"(,"close":)" + close + "}";
  };
  LearnedShape shape;
  shape.learn(with("1", "1", "1"));
  const auto record = [&] {
    std::string number = any_digits(random, 11);
    if (random.next() % 3 != 0) number += "." + any_digits(random, 11);
    const std::string vwap = (random.next() % 2 == 0 ? "-" : "") + number;
    const std::string trades = random.next() % 2 == 0 ? "7" : random.next() % 2 == 0 ? number : "null";
    return with(number, random.next() % 8 == 0 ? "null" : vwap, trades);
  };
  expect_agreement(100'000, 20'000, record, [&](const std::string& text) { return compare(shape, text); });
}

// Every byte at every position of a symbol and of a feed, because the reader looks at eight at once.
TEST(LearnedShape, NoByteHidesInAName) {
  const auto with = [](const std::string& symbol, const std::string& feed) {
    return R"({"symbol":")" + symbol +
           R"(","timestamp":"2026-11-22T14:30:00Z","open":1,"high":1,"low":1,"close":1,"volume":1,"feed":")" + feed +
           R"("})";
  };
  LearnedShape shape;
  shape.learn(with("A", "B"));
  for (int byte = 0; byte < 256; ++byte)
    for (std::size_t size = 0; size <= 34; ++size)
      for (std::size_t place = 0; place < std::max<std::size_t>(size, 1); ++place) {
        std::string name(size, 'x');
        if (size > 0) name[place] = static_cast<char>(byte);
        const bool plain = byte > 0x20 && byte < 0x7f && byte != '"' && byte != '\\' && size > 0 && size <= 32;
        ASSERT_EQ(compare(shape, with(name, "B")), plain ? Agreement::Same : Agreement::LeftAlone)
            << byte << " " << size;
        ASSERT_NE(compare(shape, with("A", name)), Agreement::Different) << byte << " " << size;
      }
}

TEST(LearnedShape, RemembersTimesOnlyByTheirWholeText) {
  const auto at = [](const std::string& time) {
    return R"({"symbol":"A","timestamp":")" + time + R"(","open":1,"high":1,"low":1,"close":1,"volume":1})";
  };
  LearnedShape shape;
  shape.learn(at("2026-11-22T14:30:00Z"));
  for (int round = 0; round < 2; ++round) {
    for (const std::string time : {"2026-11-22T14:30:00Z", "2026-11-22T14:30:00+00:00", "2026-11-22T14:30:00",
                                   "2026-11-22 14:30:00", "2026-11-22T14:30:00-05:00", "2026-11-22T14:30:00.000000001",
                                   "2026-11-22T14:30:00.000000001+00:00", "2027-11-22T14:30:00Z"})
      EXPECT_EQ(compare(shape, at(time)), Agreement::Same) << time;
    for (const std::string time : {"2026-11-22T14:30:00Zz", "2026-11-31T14:30:00Z", "2026-11-22T14:30:60Z", "",
                                   "2026-11-22T14:30:00+24:00", "1969-11-22T14:30:00Z"})
      EXPECT_EQ(compare(shape, at(time)), Agreement::LeftAlone) << time;
  }
}

// Tables may have numbers in strings (contract/semantics.md §6.6). Such a record teaches no shape.
TEST(LearnedShape, LearnsNothingFromNumbersInStrings) {
  LearnedShape shape;
  const std::string record =
      R"({"symbol":"A","timestamp":"2026-11-22T14:30:00Z","open":"1","high":1,"low":1,"close":1,"volume":1})";
  shape.learn(record);
  EXPECT_EQ(compare(shape, record), Agreement::LeftAlone);
}

}  // namespace
}  // namespace tidemark
