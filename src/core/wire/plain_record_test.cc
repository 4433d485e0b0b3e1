// The fast reader against the complete one: whatever the fast one accepts, the complete one reads alike.
#include "core/wire/plain_record.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "core/simulator/random.h"
#include "core/wire/damaged_test.h"
#include "core/wire/json.h"

namespace tidemark {
namespace {

bool same(const FieldValue& a, const FieldValue& b) {
  if (a.kind != b.kind) return false;
  if (a.kind == ValueKind::String) return a.text == b.text && a.lone_surrogate == b.lone_surrogate;
  if (a.kind != ValueKind::Number) return true;
  if (a.number.out_of_range != b.number.out_of_range) return false;
  if (!a.number.out_of_range) return a.number.nanos == b.number.nanos;
  return a.number.negative == b.number.negative && a.number.has_fraction == b.number.has_fraction;
}

// Reads a copy that ends where its memory ends, so that a sanitizer sees every byte read beyond it.
Agreement compare(const std::string& text) {
  const std::vector<char> bytes(text.begin(), text.end());
  const std::string_view record(bytes.data(), bytes.size());
  Fields fast, complete;
  fast.clear();
  complete.clear();
  if (!read_plain_record(record, fast)) return Agreement::LeftAlone;
  JsonReader json;
  if (json.read(record, complete)) return Agreement::Different;
  for (std::size_t i = 0; i < field_count; ++i)
    if (!same(fast[static_cast<FieldName>(i)], complete[static_cast<FieldName>(i)])) return Agreement::Different;
  return Agreement::Same;
}

const std::vector<std::string> records{
    R"({"symbol":"AAPL","timestamp":"2026-11-22T14:30:00Z","open":175.3,"high":175.5,"low":175.2,"close":175.42,"volume":1200,"vwap":175.38,"price_change":0.12,"pct_change":0.0685,"direction":"up","trade_count":31,"feed":"sip"})",
    R"({"symbol": "BTC/USD", "timestamp": "2026-11-22 14:30:00.123456789", "open": 97000.5, "high": 97001, "low": 96000.123456789, "close": 96999.99, "volume": 0.00012345, "vwap": null, "price_change": -0.51, "pct_change": -0.0005, "direction": "down", "trade_count": null, "feed": null, "ingested_at": "2026-11-22T14:31:00+00:00"})",
    R"({"feed":"iex","close":1,"low":1,"high":1,"open":1,"volume":0,"timestamp":"2026-11-22T14:30:00Z","symbol":"A"})",
    R"({"symbol":"A","timestamp":"2026-11-22T14:30:00Z","open":123456789012345678,"high":0.000000001,"low":-0.5,"close":1.23456789012345678,"volume":999999999999999999.999999999})",
    R"({"symbol":"A","open":1e5,"high":1.5E-3,"low":12345678901234567890123456789,"close":-1e30,"volume":0.00000000000000000001,"ingested_at":17})",
    R"({"symbol":"abcdefgh","feed":"abcdefghi","direction":"abcdefg","timestamp":""})",
    R"({"heartbeat":"2026-11-22T14:30:00Z","source":"sim"})",
    R"({"symbol":"\u0041","open":1,"x":{"open":2},"y":[true,false,null,"z"],"feed":"caf)"
    "\xc3\xa9"
    R"("})",
};

// Programs write the first six. If the fast reader left them to the complete one, it would be useless.
TEST(PlainRecord, TakesWhatProgramsWrite) {
  for (std::size_t i = 0; i < 6; ++i) EXPECT_EQ(compare(records[i]), Agreement::Same) << records[i];
}

constexpr auto left_alone = std::to_array<std::string_view>({"",
                                                             "{",
                                                             "}",
                                                             "{}",
                                                             "[]",
                                                             R"({"symbol":"A")",
                                                             R"({"symbol":"A"}x)",
                                                             R"({"symbol":"A"} )",
                                                             R"( {"symbol":"A"})",
                                                             R"({"symbol":"A",})",
                                                             R"({,"symbol":"A"})",
                                                             R"({"symbol":"A""open":1})",
                                                             R"({"symbol":"A","symbol":"A"})",
                                                             R"({"symbol":null,"symbol":null})",
                                                             R"({"x":1})",
                                                             R"({"Symbol":"A"})",
                                                             R"({"symbo":"A"})",
                                                             R"({"symbols":"A"})",
                                                             R"({"open":01})",
                                                             R"({"open":-})",
                                                             R"({"open":1.})",
                                                             R"({"open":.1})",
                                                             R"({"open":+1})",
                                                             R"({"open":1e})",
                                                             R"({"open":1e5.0})",
                                                             R"({"open":--1})",
                                                             R"({"open":1.2.3})",
                                                             R"({"open":00})",
                                                             R"({"open":-01})",
                                                             R"({"open":})",
                                                             R"({"open":nul})",
                                                             R"({"open":nullx})",
                                                             R"({"open":true})",
                                                             R"({"open":[1]})",
                                                             R"({"feed":"\n"})",
                                                             R"({"feed":"a)",
                                                             "{\"feed\":\"a\tb\"}",
                                                             "{\"feed\":\"12345678\x1f\"}",
                                                             "{\"feed\":\"1234567\xc3\xa9\"}",
                                                             R"({"feed":"a"b"})"});

TEST(PlainRecord, LeavesAllElseToTheCompleteReader) {
  for (const std::string_view text : left_alone) EXPECT_EQ(compare(std::string(text)), Agreement::LeftAlone) << text;
}

// Every byte at every position of a string, because the reader looks at eight at once.
TEST(PlainRecord, NoByteHidesInAString) {
  for (int byte = 0; byte < 256; ++byte) {
    for (std::size_t size = 1; size <= 17; ++size) {
      for (std::size_t place = 0; place < size; ++place) {
        std::string value(size, 'x');
        value[place] = static_cast<char>(byte);
        const std::string record = R"({"feed":")" + value + R"(","open":1})";
        const bool plain = byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\';
        ASSERT_EQ(compare(record), plain ? Agreement::Same : Agreement::LeftAlone) << record;
      }
    }
  }
}

TEST(PlainRecord, EveryBeginningIsLeftAlone) {
  for (const std::string& record : records)
    for (std::size_t size = 0; size < record.size(); ++size)
      ASSERT_EQ(compare(record.substr(0, size)), Agreement::LeftAlone) << record.substr(0, size);
}

TEST(PlainRecord, AgreesWithTheCompleteReaderOnEveryAccident) {
  Random random(20'261'122);
  expect_agreement(200'000, 10'000, [&] { return damaged(records[below(random, records.size())], random); }, compare);
}

// Numbers of every shape in every field, where the fast reader computes them itself.
TEST(PlainRecord, AgreesOnNumbers) {
  Random random(7);
  const auto record = [&] {
    std::string number = random.next() % 3 == 0 ? "-" : "";
    number += any_digits(random, 22);
    if (random.next() % 3 != 0) number += "." + any_digits(random, 13);
    if (random.next() % 6 == 0) number += std::string(random.next() % 2 == 0 ? "e" : "E-") + any_digits(random, 3);
    return R"({"symbol":"A","open":)" + number + R"(,"close":)" + number + "}";
  };
  expect_agreement(200'000, 50'000, record, compare);
}

}  // namespace
}  // namespace tidemark
