// Validation of records (contract/semantics.md §1.3, §1.10, §2): what is a bar, and otherwise the reason and field. The
// golden cases hold far more records; these are the limits and the order.
#include "core/wire/decode.h"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <string>
#include <vector>

namespace tidemark {
namespace {

using Changes = std::map<std::string, std::string>;  // field → JSON text; "" removes it

const std::vector<std::pair<std::string, std::string>> good_fields{
    {"symbol", R"("AAPL")"},  {"timestamp", R"("2026-11-22T14:30:00Z")"},
    {"open", "175.3"},        {"high", "176"},
    {"low", "175"},           {"close", "175.42"},
    {"volume", "1200"},       {"vwap", "175.38"},
    {"price_change", "0.1"},  {"pct_change", "0.2"},
    {"direction", R"("up")"}, {"trade_count", "31"},
    {"feed", R"("sip")"},
};

std::string record_with(const Changes& changes) {
  std::string text = "{";
  const auto add = [&](const std::string& name, const std::string& value) {
    if (!value.empty()) text += (text.size() > 1 ? ",\"" : "\"") + name + "\":" + value;
  };
  Changes more = changes;
  for (const auto& [name, value] : good_fields) {
    const auto change = more.find(name);
    add(name, change == more.end() ? value : change->second);
    if (change != more.end()) more.erase(change);
  }
  for (const auto& [name, value] : more) add(name, value);
  return text + "}";
}

// "reason field", or "bar", or "heartbeat".
std::string outcome(std::string_view record) {
  Decoder decoder;
  const Decoded decoded = decoder.decode(record);
  if (std::holds_alternative<Bar>(decoded)) return "bar";
  if (std::holds_alternative<Heartbeat>(decoded)) return "heartbeat";
  const Reject& reject = std::get<Reject>(decoded);
  return std::string(to_string(reject.reason)) + " " + std::string(reject.field);
}

struct FieldCase {
  std::string field, value, outcome;
};

const std::vector<FieldCase> field_cases{
    {"symbol", "", "missing symbol"},
    {"symbol", "null", "wrong_type symbol"},
    {"symbol", "1", "wrong_type symbol"},
    {"symbol", R"("")", "bad_symbol symbol"},
    {"symbol", R"("!")", "bar"},
    {"symbol", R"("~")", "bar"},
    {"symbol", R"("A B")", "bad_symbol symbol"},
    {"symbol", R"("A\u007f")", "bad_symbol symbol"},
    {"symbol", "\"\xc3\xa9\"", "bad_symbol symbol"},
    {"symbol", R"("\ud800")", "bad_symbol symbol"},
    {"symbol", "\"" + std::string(32, 'A') + "\"", "bar"},
    {"symbol", "\"" + std::string(33, 'A') + "\"", "bad_symbol symbol"},
    {"timestamp", "", "missing timestamp"},
    {"timestamp", "null", "wrong_type timestamp"},
    {"timestamp", "1795357800", "wrong_type timestamp"},
    {"timestamp", R"("2026-11-22")", "bad_timestamp timestamp"},
    {"timestamp", R"("\u0032026-11-22T14:30:00Z")", "bar"},
    {"open", "", "missing open"},
    {"open", "null", "wrong_type open"},
    {"open", R"("175")", "wrong_type open"},
    {"open", "true", "wrong_type open"},
    {"open", "[175]", "wrong_type open"},
    {"open", "0", "not_positive open"},
    {"open", "-0", "not_positive open"},
    {"open", "-1", "not_positive open"},
    {"open", "-1e999", "not_positive open"},
    {"open", "0.0000000004", "not_positive open"},
    {"open", "0.0000000005", "low_above_open low"},
    {"open", "9223372036.854775807", "out_of_range open"},
    {"open", "9223372036.8547758064", "open_above_high high"},
    {"open", "9223372036.8547758065", "out_of_range open"},
    {"open", "1e999", "out_of_range open"},
    {"volume", "0", "bar"},
    {"volume", "-0.0000000004", "bar"},
    {"volume", "-0.0000000005", "negative volume"},
    {"volume", "-1e99", "negative volume"},
    {"volume", "999999999999999999.9999999994", "bar"},
    {"volume", "999999999999999999.9999999995", "out_of_range volume"},
    {"volume", "1e18", "out_of_range volume"},
    {"volume", "null", "wrong_type volume"},
    {"volume", "", "missing volume"},
    {"vwap", "", "bar"},
    {"vwap", "null", "bar"},
    {"vwap", "0", "bar"},
    {"vwap", "-9223372036.854775806", "bar"},
    {"vwap", "-9223372036.854775807", "out_of_range vwap"},
    {"vwap", "9223372036.854775807", "out_of_range vwap"},
    {"vwap", "false", "wrong_type vwap"},
    {"price_change", "-999999999999999999999999999.999999999", "bar"},
    {"price_change", "1e27", "out_of_range price_change"},
    {"price_change", "-1e27", "out_of_range price_change"},
    {"price_change", "{}", "wrong_type price_change"},
    {"pct_change", "-1e400", "out_of_range pct_change"},
    {"pct_change", "\"1\"", "wrong_type pct_change"},
    {"direction", "null", "bar"},
    {"direction", R"("flat")", "bar"},
    {"direction", R"("Up")", "bad_direction direction"},
    {"direction", R"("")", "bad_direction direction"},
    {"direction", "1", "wrong_type direction"},
    {"trade_count", "0", "bar"},
    {"trade_count", "-0", "bar"},
    {"trade_count", "5.0", "bar"},
    {"trade_count", "5e0", "bar"},
    {"trade_count", "4.9999999999", "bar"},
    {"trade_count", "4.999999999", "not_integer trade_count"},
    {"trade_count", "-0.5", "not_integer trade_count"},
    {"trade_count", "-1", "negative trade_count"},
    {"trade_count", "-1e99", "negative trade_count"},
    {"trade_count", "9223372036854775807", "bar"},
    {"trade_count", "9223372036854775808", "out_of_range trade_count"},
    {"trade_count", "1e99", "out_of_range trade_count"},
    {"trade_count", "100000000000000000000000000000.5", "not_integer trade_count"},
    {"trade_count", "\"5\"", "wrong_type trade_count"},
    {"feed", R"("")", "bar"},
    {"feed", "\"\xc3\xa9\\u0000\"", "bar"},
    {"feed", R"("\ud800")", "bad_feed feed"},
    {"feed", "7", "wrong_type feed"},
    {"ingested_at", "[{\"x\":1}]", "bar"},
    {"unknown", "\"\\ud800\"", "bar"},
    {"source", "7", "bar"},
};

TEST(Decode, JudgesEachFieldByItsRule) {
  ASSERT_EQ(outcome(record_with({})), "bar");
  for (const FieldCase& row : field_cases)
    EXPECT_EQ(outcome(record_with({{row.field, row.value}})), row.outcome) << row.field << ": " << row.value;
}

TEST(Decode, AllFourPricesAreJudgedAlike) {
  for (const std::string field : {"open", "high", "low", "close"}) {
    EXPECT_EQ(outcome(record_with({{field, ""}})), "missing " + field);
    EXPECT_EQ(outcome(record_with({{field, "null"}})), "wrong_type " + field);
    EXPECT_EQ(outcome(record_with({{field, "0"}})), "not_positive " + field);
    EXPECT_EQ(outcome(record_with({{field, "1e10"}})), "out_of_range " + field);
  }
}

// Each field is wrong together with all that follow it. The first one is reported.
TEST(Decode, TheFirstFailureNamesTheRecord) {
  Changes wrong;
  for (auto field = good_fields.rbegin(); field != good_fields.rend(); ++field) {
    wrong[field->first] = "true";
    EXPECT_EQ(outcome(record_with(wrong)), "wrong_type " + field->first);
  }
}

struct CrossCase {
  std::string open, high, low, close, outcome;
};
const std::vector<CrossCase> cross_cases{
    {"5", "5", "5", "5", "bar"},
    {"5", "4", "6", "5", "high_below_low high"},
    {"5", "8", "6", "5", "low_above_open low"},
    {"9", "8", "6", "9", "open_above_high high"},
    {"7", "8", "6", "5", "low_above_close low"},
    {"7", "8", "6", "9", "close_above_high high"},
    // Equal after rounding to whole units.
    {"5.0000000004", "5", "5", "4.9999999996", "bar"},
};

TEST(Decode, CrossRulesHaveAnOrder) {
  for (const CrossCase& row : cross_cases)
    EXPECT_EQ(outcome(record_with({{"open", row.open}, {"high", row.high}, {"low", row.low}, {"close", row.close}})),
              row.outcome);
  EXPECT_EQ(outcome(record_with({{"high", "1"}, {"feed", "1"}})), "wrong_type feed")
      << "fields come before the cross rules";
}

TEST(Decode, SizeIsJudgedFirst) {
  const std::string good = record_with({});
  const std::string full =
      good.substr(0, good.size() - 1) + R"(,"x":")" + std::string(65'536 - good.size() - 7, 'x') + "\"}";
  ASSERT_EQ(full.size(), 65'536U);
  EXPECT_EQ(outcome(full), "bar");
  EXPECT_EQ(outcome(full + " "), "too_long ");
  EXPECT_EQ(outcome(std::string(65'537, '{')), "too_long ");
  EXPECT_EQ(outcome(std::string(65'536, '{')), "bad_json ");
}

struct HeartbeatCase {
  std::string_view record;
  std::string outcome;
};
const std::vector<HeartbeatCase> heartbeats{
    {R"({"heartbeat":"2026-11-22T14:30:00Z"})", "heartbeat"},
    {R"({"heartbeat":"2026-11-22T14:30:00Z","source":"sip"})", "heartbeat"},
    {R"({"heartbeat":"2026-11-22T14:30:00Z","source":null})", "heartbeat"},
    {R"({"heartbeat":"2026-11-22T14:30:00Z","source":"\ud800"})", "heartbeat"},
    {R"({"heartbeat":"2026-11-22T14:30:00Z","source":7})", "wrong_type source"},
    {R"({"heartbeat":"2026-11-22T14:30:00Z","symbol":7,"open":"x"})", "heartbeat"},
    {R"({"he\u0061rtbeat":"2026-11-22T14:30:00Z"})", "heartbeat"},
    {R"({"heartbeat":null})", "wrong_type heartbeat"},
    {R"({"heartbeat":{}})", "wrong_type heartbeat"},
    {R"({"heartbeat":"soon","source":7})", "bad_timestamp heartbeat"},
    {R"({"heartbeat":"2026-11-22T14:30:00Z","heartbeat":"2026-11-22T14:30:00Z"})", "duplicate_key "},
    {R"({"x":{"heartbeat":"2026-11-22T14:30:00Z"}})", "missing symbol"},
};

TEST(Decode, AnObjectWithAHeartbeatIsNeverABar) {
  for (const HeartbeatCase& row : heartbeats) EXPECT_EQ(outcome(row.record), row.outcome) << row.record;
}

Bar bar_of(Decoder& decoder, const std::string& record) {
  const Decoded decoded = decoder.decode(record);
  EXPECT_TRUE(std::holds_alternative<Bar>(decoded)) << record;
  return std::get<Bar>(decoded);
}

TEST(Decode, FillsEveryField) {
  Decoder decoder;
  const std::string record = record_with({});
  const Bar bar = bar_of(decoder, record);
  EXPECT_EQ(bar.symbol, "AAPL");
  EXPECT_EQ(bar.feed, "sip");
  EXPECT_EQ(nanos_since_epoch(bar.values.time), 1'795'357'800'000'000'000);
  EXPECT_EQ(bar.values.open.nanos, 175'300'000'000);
  EXPECT_EQ(bar.values.high.nanos, 176'000'000'000);
  EXPECT_EQ(bar.values.low.nanos, 175'000'000'000);
  EXPECT_EQ(bar.values.close.nanos, 175'420'000'000);
  EXPECT_TRUE(bar.values.volume.nanos == static_cast<Int128>(1'200) * 1'000'000'000);
  EXPECT_EQ(bar.values.vwap.value().nanos, 175'380'000'000);
  EXPECT_TRUE(bar.values.price_change.nanos == 100'000'000);
  EXPECT_TRUE(bar.values.pct_change.nanos == 200'000'000);
  EXPECT_EQ(bar.values.direction, Direction::Up);
  EXPECT_EQ(bar.values.trade_count.value(), 31);
}

// A value that is present wins, whatever the prices are. What is missing or null is computed.
TEST(Decode, DerivesWhatIsMissing) {
  for (const std::string absent : {"", "null"}) {
    Decoder decoder;
    const std::string record = record_with({{"price_change", absent},
                                            {"pct_change", absent},
                                            {"direction", absent},
                                            {"vwap", absent},
                                            {"trade_count", absent},
                                            {"feed", absent}});
    const Bar bar = bar_of(decoder, record);
    EXPECT_TRUE(bar.values.price_change.nanos == 120'000'000);  // 175.42 − 175.30
    EXPECT_TRUE(bar.values.pct_change.nanos == 68'500'000);     // 0.12 / 175.30 = 0.0684…54 %
    EXPECT_EQ(bar.values.direction, Direction::Up);
    EXPECT_FALSE(bar.values.vwap.has_value());
    EXPECT_FALSE(bar.values.trade_count.has_value());
    EXPECT_FALSE(bar.feed.has_value());
  }
  Decoder decoder;
  const std::string record = record_with({{"direction", R"("down")"}});
  EXPECT_EQ(bar_of(decoder, record).values.direction, Direction::Down);
}

// One decoder and one result object serve all records. Nothing of one may appear in the next.
TEST(Decode, RemembersNothing) {
  std::vector<std::string> records{
      record_with({}),
      R"({"symbol":"B","timestamp":"2026-11-22T14:30:00Z","open":1,"high":1,"low":1,"close":1,"volume":0})",
      R"({"heartbeat":"2026-11-22T14:30:00Z"})",
      "{",
      record_with({{"feed", R"("\u0069ex")"}, {"x", "[1]"}}),
      record_with({{"open", "0"}}),
      record_with({{"symbol", R"("\u0041")"}, {"vwap", "null"}})};
  Decoder used;
  Decoded into;
  for (const std::string& first : records) {
    for (const std::string& second : records) {
      Decoder fresh;
      used.decode(first, into);
      used.decode(second, into);
      const Decoded right = fresh.decode(second);
      ASSERT_EQ(into.index(), right.index()) << first << " then " << second;
      if (const Reject* const reject = std::get_if<Reject>(&right)) {
        EXPECT_EQ(std::get<Reject>(into), *reject);
      } else if (const Bar* const bar = std::get_if<Bar>(&right)) {
        EXPECT_EQ(std::get<Bar>(into).symbol, bar->symbol);
        EXPECT_EQ(std::get<Bar>(into).feed, bar->feed);
        EXPECT_EQ(std::get<Bar>(into).values, bar->values);
      } else {
        EXPECT_EQ(std::get<Heartbeat>(into).time, std::get<Heartbeat>(right).time);
      }
    }
  }
}

TEST(IsBlank, IsALineOfSpacesTabsAndReturns) {
  for (const std::string_view line : {"", " ", "\t", "\r", " \t\r "}) EXPECT_TRUE(is_blank(line));
  for (const std::string_view line : {"x", " x ", "\v", "\f", "\xc2\xa0", "{}"}) EXPECT_FALSE(is_blank(line));
  EXPECT_FALSE(is_blank(std::string_view("\0", 1)));
}

// For imports whose first record is written like this (contract/semantics.md §6.6).
TEST(Decoder, ReadsNumbersInStringsAndTimesThatAreNumbersWhereItIsLenient) {
  Decoder strict, lenient(Leniency::AsTables);
  const auto reason = [](const Decoded& decoded) {
    const auto* const reject = std::get_if<Reject>(&decoded);
    return reject ? std::string(to_string(reject->reason)) : std::string();
  };
  constexpr auto* strings =
      R"({"symbol":"A","timestamp":"1704205800000","open":"1.5","high":"2","low":"1","close":"2",)"
      R"("volume":"27.5","vwap":null})";
  constexpr auto* epoch =
      R"({"symbol":"A","timestamp":1704205800,"open":1.5,"high":2,"low":1,"close":2,"volume":27.5})";
  for (const std::string_view record : {strings, epoch}) {
    EXPECT_NE(reason(strict.decode(record)), "") << record;
    const Decoded decoded = lenient.decode(record);
    const auto* const bar = std::get_if<Bar>(&decoded);
    ASSERT_NE(bar, nullptr) << record << reason(decoded);
    EXPECT_EQ(nanos_since_epoch(bar->values.time), 1'704'205'800'000'000'000);
    EXPECT_EQ(bar->values.open.nanos, 1'500'000'000);
    EXPECT_TRUE(bar->values.volume.nanos == 27'500'000'000);
  }
  for (const auto& [record, wanted] : {
           std::pair{R"({"symbol":"A","timestamp":true,"open":1,"high":1,"low":1,"close":1,"volume":1})", "wrong_type"},
           std::pair{R"({"symbol":"A","timestamp":5,"open":1,"high":1,"low":1,"close":1,"volume":1})", "wrong_type"},
           std::pair{R"({"symbol":"A","timestamp":1704205800,"open":"x","high":1,"low":1,"close":1,"volume":1})",
                     "wrong_type"},
           std::pair{R"({"heartbeat":1704205800})", "wrong_type"},
           std::pair{R"([])", "not_an_object"},
       })
    EXPECT_EQ(reason(lenient.decode(record)), wanted) << record;
}

}  // namespace
}  // namespace tidemark
