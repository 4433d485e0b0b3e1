// Bars as Alpaca writes them → records: digits that stay, what is left out, and what is none.
#include "io/alpaca/bar_text.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/wire/decode.h"

namespace tidemark {
namespace {

using namespace std::chrono_literals;

constexpr EventTime opening = std::chrono::sys_days{std::chrono::year{2026} / 11 / 24} + 14h + 30min;

std::string written(std::string_view object, std::string_view symbol = {}) {
  return BarText("iex").read(object, symbol).record.value;
}

// What the machine would say about it.
std::string judged(std::string_view record) {
  Decoder decoder;
  const Decoded decoded = decoder.decode(record);
  const auto* const reject = std::get_if<Reject>(&decoded);
  return reject ? std::string(to_string(reject->reason)) + " " + std::string(reject->field) : "good";
}

TEST(BarText, AnElementOfTheStreamBecomesARecord) {
  BarText text("iex");
  const FetchedBar bar = text.read(
      R"({"T":"b","S":"AAPL","o":187.1,"h":187.5,"l":187,"c":187.25,"v":1200,"n":17,"vw":187.22,"t":"2026-11-24T14:30:00Z"})");
  EXPECT_EQ(bar.time, opening);
  EXPECT_EQ(bar.record.key, "AAPL");
  EXPECT_EQ(bar.record.kind, RecordKind::Data);
  // price_change 187.25 − 187.1; pct_change 0.15 ∕ 187.1 × 100 = 0.08017…, four places (contract 2.7)
  EXPECT_EQ(bar.record.value,
            R"({"symbol":"AAPL","timestamp":"2026-11-24T14:30:00Z","open":187.1,"high":187.5,"low":187,"close":187.25,)"
            R"("volume":1200,"vwap":187.22,"price_change":0.15,"pct_change":0.0802,"direction":"up",)"
            R"("trade_count":17,"feed":"iex"})");
}

struct DigitsCase {
  const char* came;
  const char* stands;
};
constexpr DigitsCase digits_cases[] = {
    {"12", "12"},
    {"1.50", "1.5"},
    {"1e3", "1000"},
    {"1.25E+2", "125"},
    {"12500e-3", "12.5"},
    {"0.30000000000000004", "0.3"},                  // a record has nine places
    {"0.1234567895", "0.12345679"},                  // half to even or up: both end on 9
    {"123456789.123456789", "123456789.123456789"},  // a double would end on …78.
    {"999999999.000000001", "999999999.000000001"},
};
TEST(BarText, NumbersKeepTheDigitsThatCame) {
  for (const auto& [came, stands] : digits_cases) {
    std::string object = R"({"S":"A","t":"2026-11-24T14:30:00Z","v":1)";
    for (const char* name : {"o", "h", "l", "c"}) object += fmt::format(",\"{}\":{}", name, came);
    EXPECT_NE(written(object + "}").find(fmt::format("\"open\":{},", stands)), std::string::npos)
        << written(object + "}");
  }
}

TEST(BarText, WhatIsNoNumberIsSaidByTheMachine) {
  const std::string before = R"({"S":"A","t":"2026-11-24T14:30:00Z","o":1,"h":1,"l":1,"c":1,"v":)";
  EXPECT_EQ(judged(written(before + "01}")), "bad_json ");
  EXPECT_EQ(judged(written(before + "NaN}")), "bad_json ");
  EXPECT_EQ(judged(written(before + "\"7\"}")), "wrong_type volume");
  EXPECT_EQ(judged(written(before + "null}")), "wrong_type volume");
  EXPECT_EQ(judged(written(before + "[1,{\"a\":2}]}")), "wrong_type volume");
  EXPECT_EQ(judged(written(before + "-1}")), "negative volume");
  EXPECT_EQ(judged(written(before + "1,\"v\":2}")), "duplicate_key ");
}

TEST(BarText, MissingFieldsAreMissing) {
  EXPECT_EQ(written(R"({"S":"A","o":1})"), R"({"symbol":"A","open":1,"feed":"iex"})");
  EXPECT_EQ(judged(written(R"({"S":"A","o":1})")), "missing timestamp");
  EXPECT_EQ(judged(written("{}")), "missing symbol");
  const std::string bar = written(R"({"t":"2026-11-24T14:30:00Z","o":1,"h":1,"l":1,"c":1,"v":0})", "A");
  EXPECT_NE(bar.find(R"("vwap":null)"), std::string::npos) << bar;
  EXPECT_NE(bar.find(R"("trade_count":null)"), std::string::npos) << bar;
}

TEST(BarText, WhatIsNoObjectIsARecordAsItCame) {
  for (const char* text :
       {"null", "[1,2]", "7", "\"x\"", "{", "{\"S\":\"A\"", "{\"S\":\"A\"}}", "", "{\"S\" 1}", "\xff"}) {
    EXPECT_EQ(written(text), text);
    EXPECT_NE(judged(written(text)), "good") << text;
  }
}

TEST(BarText, EscapesAreReadAndUnknownMembersLeftOut) {
  const std::string bar = written(
      R"({"T":"b","x":{"S":["no"],"o":2},"S":"BTC\/USD","t":"2026-11-24T14:30:00\u005a","o":1,"h":1,"l":1,"c":1,"v":0.5})");
  EXPECT_TRUE(bar.starts_with(R"({"symbol":"BTC/USD","timestamp":"2026-11-24T14:30:00Z","open":1)")) << bar;
}

TEST(BarText, TimeOfWhatIsNoBarIsThatOfTheBarBefore) {
  BarText text("iex");
  text.read(R"({"S":"A","t":"2026-11-24T14:30:00Z","o":1,"h":1,"l":1,"c":1,"v":0})");
  const FetchedBar none = text.read(R"({"S":"B","t":"2026-11-24T14:31:00Z","o":1})");
  EXPECT_EQ(none.time, opening);
  EXPECT_EQ(none.record.key, "B");
}

TEST(BarText, ALongOneSaysHowLongItIs) {
  const FetchedBar bar = BarText("iex").read("{\"S\":\"" + std::string(70'000, 'A') + "\"}");
  EXPECT_EQ(bar.record.value.size(), max_record_bytes);
  EXPECT_EQ(bar.record.bytes_in_all, 70'000 + 13 + 13);  // {"symbol":""   ,"feed":"iex"}
}

constexpr std::string_view one = R"({"t":"2026-11-24T14:30:00Z","o":1,"h":1,"l":1,"c":1,"v":0})";

TEST(HistoryPage, HasTheBarsOfItsSymbolsInOrder) {
  BarText text("sip");
  const auto page = text.read_page(fmt::format(
      R"({{"bars":{{"AAPL":[{0},{0}],"BRK.B":[ {0} ],"NONE":[],"NULL":null}},"next_page_token":"QUFQTA=="}})", one));
  ASSERT_TRUE(page) << page.error().message();
  EXPECT_EQ(page->next, "QUFQTA==");
  ASSERT_EQ(page->bars.size(), 3u);
  EXPECT_EQ(page->bars[1].record.key, "AAPL");
  EXPECT_EQ(page->bars[2].record.key, "BRK.B");
  EXPECT_TRUE(page->bars[2].record.value.ends_with(R"("feed":"sip"})"));
}

TEST(HistoryPage, OfOneSymbolSaysItBehindItsBars) {
  BarText text("iex");
  const auto page =
      text.read_page(fmt::format(R"({{"bars":[{0},null,{0}],"symbol":"AAPL","next_page_token":null}})", one));
  ASSERT_TRUE(page) << page.error().message();
  EXPECT_EQ(page->next, "");
  ASSERT_EQ(page->bars.size(), 3u);
  EXPECT_EQ(page->bars[0].record.key, "AAPL");
  EXPECT_EQ(page->bars[1].record.value, "null");
  EXPECT_EQ(judged(page->bars[2].record.value), "good");
}

TEST(HistoryPage, IsLinesForAnImport) {
  const auto lines = BarText("iex").read_lines("{\"bars\":{\"A\":[{\"o\":0.30000000000000004,\"c\":[\n1]},null]}}");
  ASSERT_TRUE(lines) << lines.error().message();
  EXPECT_EQ(*lines, "{\"symbol\":\"A\",\"open\":0.30000000000000004,\"close\":[ 1],\"feed\":\"iex\"}\nnull\n");
}

TEST(HistoryPage, TellsAtAGlanceWhatIsInIt) {
  const auto facts = BarText("iex").glance(
      fmt::format(R"({{"bars":{{"A":[{0},{0}],"B":[],"C":[{{"o":1}},{0}]}},"next_page_token":"x"}})", one));
  ASSERT_TRUE(facts) << facts.error().message();
  EXPECT_EQ(facts->next, "x");
  EXPECT_EQ(facts->bars, 4u);
  EXPECT_EQ(facts->symbols, (std::vector<std::string>{"A", "C"}));
  EXPECT_EQ(facts->last_time, opening);
  EXPECT_EQ(BarText("iex").glance(R"({"bars":{}})")->last_time, std::nullopt);
}

// A page is kept behind a glance: one whose bars nobody could read later would be kept for ever.
TEST(HistoryPage, IsCheckedAsAWholeByAGlance) {
  for (const char* text : {R"({"bars":{"A":[{"o":1,}]}})", R"({"bars":{"A":[{"o":01}]}})",
                           R"({"bars":{"A":[{"x":tru}]}})", "{\"bars\":{\"A\":[{\"x\":\"\xff\"}]}}"})
    EXPECT_FALSE(BarText("iex").glance(text)) << text;
}

TEST(HistoryPage, MayBeEmpty) {
  for (const char* text : {R"({"bars":{},"next_page_token":null})", R"({"bars":null,"next_page_token":null})",
                           R"({"next_page_token":null,"bars":{}})", R"({"bars":[],"symbol":"A"})"}) {
    const auto page = BarText("iex").read_page(text);
    ASSERT_TRUE(page) << text << page.error().message();
    EXPECT_TRUE(page->bars.empty() && page->next.empty());
  }
}

TEST(HistoryPage, IsNoneWhenItIsNone) {
  for (const char* text :
       {"", "{}", "[]", "null", "<html>", R"({"message":"no"})", R"({"bars":{"A":[{"o":1})", R"({"bars":7})",
        R"({"bars":{},"next_page_token":7})", R"({"bars":{"A":[{"o":1,}]}})", R"({"bars":{}} x)",
        R"({"bars":n-ull})", R"({"bars":{"A":nul}})", R"({"bars":{},"next_page_token":nope})"}) {
    const auto page = BarText("iex").read_page(text);
    EXPECT_FALSE(page) << text;
    if (page) continue;
    EXPECT_FALSE(page.error().is_retryable() || page.error().is_setup());
  }
}

}  // namespace
}  // namespace tidemark
