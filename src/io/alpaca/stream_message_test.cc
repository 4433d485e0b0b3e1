#include "io/alpaca/stream_message.h"

#include <gtest/gtest.h>

#include "core/time/timestamp.h"
#include "io/alpaca/stream_fault.h"

namespace tidemark {
namespace {

using Strings = std::vector<std::string>;

Result<StreamFrame> read(std::string text) {
  BarText bars("iex");
  return read_frame(text, bars);
}

TEST(StreamMessage, ControlMessagesAreWhatTheySay) {
  EXPECT_TRUE(read(R"([{"T":"success","msg":"connected"}])")->connected);
  EXPECT_TRUE(read(R"([{"T":"success","msg":"authenticated"}])")->authenticated);
  const auto frame =
      read(R"([{"T":"subscription","trades":[],"quotes":null,"bars":["AAPL","BRK.B"],"updatedBars":[]}])");
  EXPECT_TRUE(frame->subscribed);
  EXPECT_EQ(frame->symbols, (Strings{"AAPL", "BRK.B"}));
  EXPECT_TRUE(read(R"([{"T":"subscription","bars":null}])")->subscribed);
  const auto refused = read(R"([{"T":"error","code":406,"msg":"connection limit exceeded"}])");
  ASSERT_EQ(refused->refusals.size(), 1u);
  EXPECT_EQ(refused->refusals[0].code, 406);
  EXPECT_EQ(refused->refusals[0].message, "connection limit exceeded");
}

TEST(StreamMessage, BarsAndUpdatesKeepTheirOrderAndTheirDigits) {
  const auto frame = read(
      R"([{"T":"b","S":"AAPL","o":187.10,"h":187.30000000000001,"l":187,"c":187.2,"v":1234,"n":7,"vw":187.123456,)"
      R"("t":"2026-01-05T15:00:00Z"},{"T":"s","S":"AAPL","sc":"T"},{"T":"q","S":"X","x":{"y":[1,{"z":2}]}},)"
      R"({"T":"u","S":"AAPL","o":187.1,"h":188,"l":187,"c":187.2,"v":1300,"n":8,"vw":187.2,"t":"2026-01-05T14:59:00Z"}])");
  ASSERT_TRUE(frame);
  ASSERT_EQ(frame->bars.size(), 2u);
  EXPECT_FALSE(frame->bars[0].is_update);
  EXPECT_TRUE(frame->bars[1].is_update);
  EXPECT_EQ(frame->bars[0].bar.record.key, "AAPL");
  EXPECT_NE(frame->bars[0].bar.record.value.find(R"("high":187.3,)"), std::string::npos);  // nine places
  EXPECT_NE(frame->bars[0].bar.record.value.find(R"("vwap":187.123456,)"), std::string::npos);
  EXPECT_NE(frame->bars[0].bar.record.value.find(R"("feed":"iex")"), std::string::npos);
  EXPECT_EQ(frame->bars[1].bar.time, *parse_timestamp("2026-01-05T14:59:00Z"));
}

TEST(StreamMessage, AFrameIsBelievedAsAWholeOrNotAtAll) {
  for (const auto* text : {"", "[", "{}", "null", R"([{"T":"success","msg":"connected"},])", R"([1])", "<html>",
                           R"([{"T":"success","msg":"connected"}] x)", "[{\"T\":\"b\",\"S\":\"\xff\"}]"})
    EXPECT_FALSE(read(text)) << text;
  EXPECT_TRUE(read("[]"));
  EXPECT_TRUE(read(R"([{"no":"type"},{"T":5}])"));  // of a later version of theirs
}

TEST(StreamMessage, WhatIsAskedForIsTheirs) {
  EXPECT_EQ(write_auth("K\"1", "s"), R"({"action":"auth","key":"K\"1","secret":"s"})");
  EXPECT_EQ(
      write_subscription("subscribe", {"AAPL", "MSFT"}, true),
      R"({"action":"subscribe","bars":["AAPL","MSFT"],"updatedBars":["AAPL","MSFT"],"statuses":["AAPL","MSFT"]})");
  EXPECT_EQ(write_subscription("unsubscribe", {"BTC/USD"}, false),
            R"({"action":"unsubscribe","bars":["BTC/USD"],"updatedBars":["BTC/USD"]})");
}

TEST(StreamFault, EachCodeHasItsCureAndASentence) {
  for (const int code : {402, 408, 409, 411}) EXPECT_EQ(stream_fault(code, "", "sip").cure, StreamCure::GiveUp) << code;
  for (const int code : {400, 401, 404, 407, 410, 500, 999})
    EXPECT_EQ(stream_fault(code, "", "sip").cure, StreamCure::Reconnect) << code;
  for (const int code : {403, 405}) EXPECT_EQ(stream_fault(code, "", "sip").cure, StreamCure::KeepWhatThereIs) << code;
  EXPECT_EQ(stream_fault(406, "", "sip").cure, StreamCure::AskAgain);
  EXPECT_NE(stream_fault(409, "insufficient subscription", "sip").sentence.find("alpaca-feed"), std::string::npos);
  EXPECT_NE(stream_fault(409, "insufficient subscription", "sip").sentence.find("error 409"), std::string::npos);
}

}  // namespace
}  // namespace tidemark
