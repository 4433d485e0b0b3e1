// Compares with the calendars that the exchange has published.
#include "core/time/exchange_calendar.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "core/time/timestamp.h"

namespace tidemark {
namespace {

using namespace std::chrono;

std::vector<std::string> weekdays_off(year of) {
  std::vector<std::string> off;
  for (sys_days date = of / 1 / 1; date < sys_days((of + years(1)) / 1 / 1); date += days(1))
    if (weekday(date) != Saturday && weekday(date) != Sunday && !trading_day(date)) off.push_back(format_date(date));
  return off;
}

std::vector<std::string> half_days(year of) {
  std::vector<std::string> half;
  for (sys_days date = of / 1 / 1; date < sys_days((of + years(1)) / 1 / 1); date += days(1))
    if (const auto day = trading_day(date); day && day->is_half) half.push_back(format_date(date));
  return half;
}

std::vector<std::string> in(std::string_view year, std::vector<std::string> dates) {
  for (std::string& date : dates) date = std::string(year) + "-" + date;
  return dates;
}

EventTime at(std::string_view text) { return *parse_timestamp(text); }

using Dates = std::vector<std::string>;

// The page has the calendar a second time, in TypeScript; web/test/session_test.ts compares it with the same table.
TEST(ExchangeCalendar, IsTheTableThatThePageIsComparedWith) {
  std::ifstream file(TIDEMARK_SOURCE_DIR "/contract/exchange_days.csv");
  const std::string table{std::istreambuf_iterator<char>(file), {}};
  ASSERT_FALSE(table.empty());
  std::string mine = "date,session\n";
  for (sys_days date = sys_days(2000y / 1 / 1); date < sys_days(2051y / 1 / 1); date += days(1)) {
    if (weekday(date) == Saturday || weekday(date) == Sunday) continue;
    const auto day = trading_day(date);
    if (!day || day->is_half) mine += format_date(date) + (day ? ",half\n" : ",closed\n");
  }
  EXPECT_EQ(mine, table);
}

TEST(ExchangeCalendar, HolidaysAreThosePublished) {
  EXPECT_EQ(weekdays_off(2018y),
            in("2018", {"01-01", "01-15", "02-19", "03-30", "05-28", "07-04", "09-03", "11-22", "12-05", "12-25"}));
  EXPECT_EQ(weekdays_off(2021y),
            in("2021", {"01-01", "01-18", "02-15", "04-02", "05-31", "07-05", "09-06", "11-25", "12-24"}));
  EXPECT_EQ(weekdays_off(2022y),
            in("2022", {"01-17", "02-21", "04-15", "05-30", "06-20", "07-04", "09-05", "11-24", "12-26"}));
  EXPECT_EQ(weekdays_off(2024y),
            in("2024", {"01-01", "01-15", "02-19", "03-29", "05-27", "06-19", "07-04", "09-02", "11-28", "12-25"}));
  EXPECT_EQ(weekdays_off(2025y), in("2025", {"01-01", "01-09", "01-20", "02-17", "04-18", "05-26", "06-19", "07-04",
                                             "09-01", "11-27", "12-25"}));
  EXPECT_EQ(weekdays_off(2026y),
            in("2026", {"01-01", "01-19", "02-16", "04-03", "05-25", "06-19", "07-03", "09-07", "11-26", "12-25"}));
  EXPECT_EQ(weekdays_off(2027y),
            in("2027", {"01-01", "01-18", "02-15", "03-26", "05-31", "06-18", "07-05", "09-06", "11-25", "12-24"}));
}

TEST(ExchangeCalendar, HalfDaysAreThosePublished) {
  EXPECT_EQ(half_days(2020y), in("2020", {"11-27", "12-24"}));
  EXPECT_EQ(half_days(2021y), in("2021", {"11-26"}));
  EXPECT_EQ(half_days(2024y), in("2024", {"07-03", "11-29", "12-24"}));
  EXPECT_EQ(half_days(2025y), in("2025", {"07-03", "11-28", "12-24"}));
  EXPECT_EQ(half_days(2026y), in("2026", {"11-27", "12-24"}));
}

TEST(ExchangeCalendar, SessionsFollowNewYorksClockThroughTheYear) {
  EXPECT_EQ(session_at(at("2026-01-05T08:59:59Z")), Session::Closed);  // winter: UTC − 5
  EXPECT_EQ(session_at(at("2026-01-05T09:00:00Z")), Session::Pre);
  EXPECT_EQ(session_at(at("2026-01-05T14:29:59Z")), Session::Pre);
  EXPECT_EQ(session_at(at("2026-01-05T14:30:00Z")), Session::Regular);
  EXPECT_EQ(session_at(at("2026-01-05T20:59:59.999Z")), Session::Regular);
  EXPECT_EQ(session_at(at("2026-01-05T21:00:00Z")), Session::Post);
  EXPECT_EQ(session_at(at("2026-01-06T01:00:00Z")), Session::Closed);
  EXPECT_EQ(session_at(at("2026-07-06T08:00:00Z")), Session::Pre);  // summer: UTC − 4
  EXPECT_EQ(session_at(at("2026-07-06T13:30:00Z")), Session::Regular);
  EXPECT_EQ(session_at(at("2026-07-06T23:59:00Z")), Session::Post);
  EXPECT_EQ(session_at(at("2026-07-07T00:00:00Z")), Session::Closed);
  EXPECT_EQ(session_at(at("2026-03-09T13:30:00Z")), Session::Regular);  // the Monday after the change
  EXPECT_EQ(session_at(at("2025-11-28T18:00:00Z")), Session::Post);     // a half day
  EXPECT_EQ(session_at(at("2025-11-28T22:00:00Z")), Session::Closed);
}

TEST(ExchangeCalendar, NightsAndWeekendsHaveNoTrading) {
  EXPECT_FALSE(has_trading(at("2026-01-03T01:00:00Z"), at("2026-01-05T09:00:00Z")));  // Friday night to Monday
  EXPECT_TRUE(has_trading(at("2026-01-03T01:00:00Z"), at("2026-01-05T09:00:01Z")));
  EXPECT_TRUE(has_trading(at("2026-01-03T00:59:00Z"), at("2026-01-03T01:00:00Z")));
  EXPECT_EQ(last_trading_day(at("2026-01-04T12:00:00Z")).pre, at("2026-01-02T09:00:00Z"));
  EXPECT_EQ(last_trading_day(at("2026-01-05T09:00:00Z")).pre, at("2026-01-05T09:00:00Z"));
  EXPECT_EQ(last_trading_day(at("2026-01-06T02:00:00Z")).pre, at("2026-01-05T09:00:00Z"));
  EXPECT_EQ(next_trading_day(at("2026-01-05T09:00:00Z")).pre, at("2026-01-06T09:00:00Z"));
}

}  // namespace
}  // namespace tidemark
