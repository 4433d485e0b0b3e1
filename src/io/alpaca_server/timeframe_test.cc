#include "io/alpaca_server/timeframe.h"

#include <gtest/gtest.h>

#include "core/time/timestamp.h"

namespace tidemark {
namespace {

EventTime at(std::string_view text) { return *parse_timestamp(text); }

TEST(Timeframe, KnowsTheTextsOfAlpaca) {
  for (const char* good :
       {"1Min", "59Min", "5T", "1Hour", "23H", "1Day", "1D", "1Week", "1W", "1Month", "12M", "3Month"})
    EXPECT_TRUE(Timeframe::parse(good)) << good;
  for (const char* bad :
       {"", "Min", "0Min", "60Min", "24Hour", "2Day", "2Week", "5Month", "13Month", "1min", "-1Min", "1 Min", "1.5Min"})
    EXPECT_FALSE(Timeframe::parse(bad)) << bad;
}

struct SpanCase {
  const char* when;
  const char* timeframe;
  DayStart day;
  const char* time;
  const char* start;
  const char* end;
};

TEST(Timeframe, BeginsWhereTheMarketsDayDoes) {
  constexpr SpanCase cases[] = {
      {"minutes", "5Min", DayStart::NewYork, "2026-01-05T14:33:59Z", "2026-01-05T14:30:00Z", "2026-01-05T14:35:00Z"},
      {"seven minutes are counted from midnight", "7Min", DayStart::NewYork, "2026-01-05T05:13:00Z",
       "2026-01-05T05:07:00Z", "2026-01-05T05:14:00Z"},
      {"the last hours of a day end with it", "23Hour", DayStart::NewYork, "2026-01-06T04:30:00Z",
       "2026-01-06T04:00:00Z", "2026-01-06T05:00:00Z"},
      {"a day in winter", "1Day", DayStart::NewYork, "2026-01-06T04:59:00Z", "2026-01-05T05:00:00Z",
       "2026-01-06T05:00:00Z"},
      {"a day in summer", "1Day", DayStart::NewYork, "2026-07-06T04:00:00Z", "2026-07-06T04:00:00Z",
       "2026-07-07T04:00:00Z"},
      {"the day that has 23 hours", "1Day", DayStart::NewYork, "2026-03-08T12:00:00Z", "2026-03-08T05:00:00Z",
       "2026-03-09T04:00:00Z"},
      {"crypto: midnight in Chicago", "1Day", DayStart::Chicago, "2026-01-05T05:30:00Z", "2026-01-04T06:00:00Z",
       "2026-01-05T06:00:00Z"},
      {"a week begins on Monday", "1Week", DayStart::NewYork, "2026-01-04T23:00:00Z", "2025-12-29T05:00:00Z",
       "2026-01-05T05:00:00Z"},
      {"a month", "1Month", DayStart::NewYork, "2026-03-31T23:00:00Z", "2026-03-01T05:00:00Z", "2026-04-01T04:00:00Z"},
      {"a quarter", "3Month", DayStart::NewYork, "2026-06-15T00:00:00Z", "2026-04-01T04:00:00Z",
       "2026-07-01T04:00:00Z"},
  };
  for (const SpanCase& each : cases) {
    const auto span = Timeframe::parse(each.timeframe)->around(at(each.time), each.day);
    EXPECT_EQ(format_timestamp(span.start), each.start) << each.when;
    EXPECT_EQ(format_timestamp(span.end), each.end) << each.when;
  }
}

TEST(Sessions, AreThoseOfTheExchange) {
  const auto friday = next_sessions(at("2026-01-09T15:00:00Z"));
  EXPECT_EQ(format_timestamp(friday.next_open), "2026-01-12T14:30:00Z");
  EXPECT_EQ(format_timestamp(friday.next_close), "2026-01-09T21:00:00Z");
  const auto thanksgiving = next_sessions(at("2026-11-26T15:00:00Z"));
  EXPECT_EQ(format_timestamp(thanksgiving.next_open), "2026-11-27T14:30:00Z");
  EXPECT_EQ(format_timestamp(thanksgiving.next_close), "2026-11-27T18:00:00Z") << "a half day";
}

}  // namespace
}  // namespace tidemark
