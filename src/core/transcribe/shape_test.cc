// Hints for records that are no bars.
#include "core/transcribe/shape.h"

#include <gtest/gtest.h>

#include <string>

namespace tidemark {
namespace {

TEST(Shape, NamesWhatPeopleGiveByMistake) {
  const Reject no_json{Reason::BadJson, {}};
  const struct {
    std::string record;
    Reject reject;
    std::string hint;  // a part of it
  } cases[] = {
      {"symbol,timestamp,open,high,low,close,volume", no_json, "CSV"},
      {"AAPL;2024-01-02;1;1;1;1;1", no_json, "CSV"},
      {"AAPL 187.1", no_json, "not JSON"},
      {std::string("\xff\xfes\0y\0", 6), no_json, "UTF-16"},
      {std::string("\0U\0"
                   "1\0,\0"
                   "2",
                   8),
       no_json, "UTF-16"},
      {"\xef\xbb\xbf{}", no_json, "byte order mark"},
      {"PAR1\x15", no_json, "Parquet"},
      {"ARROW1", no_json, "Feather"},
      {"<html>", no_json, "HTML"},
      {"\xfd"
       "7zXZ",
       no_json, "xz -dc"},
      {std::string("\x01\x02\x03"), no_json, "not text"},
      {R"({"bars":{"A":[)", no_json, "--format alpaca"},
      {R"({"T":"b","S":"AAPL","o":1})", {Reason::Missing, "symbol"}, "Alpaca's stream"},
      {R"({"ev":"AM","sym":"AAPL"})", {Reason::Missing, "symbol"}, "Polygon"},
      {R"({"e":"kline","k":{}})", {Reason::Missing, "symbol"}, "Binance"},
      {R"([[1704205800000,1,1,1,1,1]])", {Reason::NotAnObject, {}}, "--symbol NAME"},
      {R"([{"symbol":"A"}])", {Reason::NotAnObject, {}}, "jq -c .[]"},
      {R"({"symbol":"A","open":"1.0"})", {Reason::WrongType, "open"}, "numbers are strings"},
      {R"({"symbol":"A","timestamp":1704205800000})", {Reason::WrongType, "timestamp"}, "times are numbers"},
  };
  for (const auto& [record, reject, hint] : cases)
    EXPECT_NE(hint_for(reject, record).find(hint), std::string::npos) << record << ": " << hint_for(reject, record);
}

TEST(Shape, SaysNothingOfABarThatIsOnlyWrong) {
  EXPECT_EQ(hint_for({Reason::HighBelowLow, "high"}, R"({"symbol":"A","open":1,"high":1,"low":2})"), "");
  EXPECT_EQ(hint_for({Reason::WrongType, "open"}, R"({"symbol":"A","open":"one"})"), "");
  EXPECT_EQ(hint_for({Reason::BadJson, {}}, "   "), "");
}

}  // namespace
}  // namespace tidemark
