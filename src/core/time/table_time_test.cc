#include "core/time/table_time.h"

#include <gtest/gtest.h>

#include "core/time/timestamp.h"

namespace tidemark {
namespace {

struct TableTimeCase {
  std::string_view text, zone, instant;  // no instant: the text is no time
};

// The instants by hand; the hours of New York's clock changes from the tz database.
constexpr TableTimeCase table_time_cases[] = {
    {"2026-01-05T14:30:00Z", "UTC", "2026-01-05T14:30:00Z"},
    {"2026-01-05 09:30:00-05:00", "UTC", "2026-01-05T14:30:00Z"},
    {"2026-01-05 09:30:00-05:00", "America/New_York", "2026-01-05T14:30:00Z"},
    {"2026-01-05 09:30:00.000000001", "-05:00", "2026-01-05T14:30:00.000000001Z"},
    {"2026-01-05 09:30", "America/New_York", "2026-01-05T14:30:00Z"},
    {"2026-07-06 09:30", "America/New_York", "2026-07-06T13:30:00Z"},
    {"2026-01-05", "UTC", "2026-01-05T00:00:00Z"},
    {"2026-01-05", "America/New_York", "2026-01-05T05:00:00Z"},
    {"20260105", "UTC", "2026-01-05T00:00:00Z"},
    {"20260105 153000", "+05:30", "2026-01-05T10:00:00Z"},
    {"20260105 15:30", "UTC", "2026-01-05T15:30:00Z"},
    {"1767623400", "America/New_York", "2026-01-05T14:30:00Z"},
    {"1767623400001", "UTC", "2026-01-05T14:30:00.001Z"},
    {"1767623400000001", "UTC", "2026-01-05T14:30:00.000001Z"},
    {"1767623400000000001", "UTC", "2026-01-05T14:30:00.000000001Z"},
    // Spring forward and fall back, to the second; in the hour that occurs twice, the first one.
    {"2026-03-08 01:59:59", "America/New_York", "2026-03-08T06:59:59Z"},
    {"2026-03-08 02:00:00", "America/New_York", ""},
    {"2026-03-08 02:59:59", "America/New_York", ""},
    {"2026-03-08 03:00:00", "America/New_York", "2026-03-08T07:00:00Z"},
    {"2026-11-01 00:59:59", "America/New_York", "2026-11-01T04:59:59Z"},
    {"2026-11-01 01:30:00", "America/New_York", "2026-11-01T05:30:00Z"},
    {"2026-11-01 02:00:00", "America/New_York", "2026-11-01T07:00:00Z"},
    {"1974-02-01 12:00:00", "America/New_York", "1974-02-01T16:00:00Z"},
    {"2006-03-20 12:00:00", "America/New_York", "2006-03-20T17:00:00Z"},
    {"", "UTC", ""},
    {"2026-02-30", "UTC", ""},
    {"2026-1-5", "UTC", "2026-01-05T00:00:00Z"},
    {"2026/01/05", "UTC", "2026-01-05T00:00:00Z"},
    {"2026.01.05", "UTC", "2026-01-05T00:00:00Z"},
    {"2026.01.05 14:30", "UTC", "2026-01-05T14:30:00Z"},
    {"2026-01/05", "UTC", ""},
    {"01/05/2026", "UTC", ""},
    {"5-Jan-2026", "UTC", "2026-01-05T00:00:00Z"},
    {"05 January 2026 14:30", "UTC", "2026-01-05T14:30:00Z"},
    {"Jan 5, 2026", "UTC", "2026-01-05T00:00:00Z"},
    {"Jan 05, 2026 02:30 PM", "UTC", "2026-01-05T14:30:00Z"},
    {"2026-01-05 02:30:15 pm", "UTC", "2026-01-05T14:30:15Z"},
    {"2026-01-05 12-AM", "UTC", "2026-01-05T00:00:00Z"},
    {"2026-01-05 02-PM", "UTC", "2026-01-05T14:00:00Z"},
    {"2026-01-05  14:30:00", "UTC", "2026-01-05T14:30:00Z"},
    {"2026-01-05 14:30:00+00", "America/New_York", "2026-01-05T14:30:00Z"},
    {"2026-01-05 14:30:00 UTC", "America/New_York", "2026-01-05T14:30:00Z"},
    {"2026-01-05 14:30:00.000 GMT+0100", "UTC", "2026-01-05T13:30:00Z"},
    {"2026-01-05 14:30:00 EST", "UTC", ""},
    {"2026-01-05 14:30:00,250", "UTC", "2026-01-05T14:30:00.25Z"},
    {"20260105;143000", "UTC", "2026-01-05T14:30:00Z"},
    {"20260105-143000", "UTC", "2026-01-05T14:30:00Z"},
    {"20260105 1430", "UTC", ""},
    {"2026-01-05 24:00", "UTC", "2026-01-06T00:00:00Z"},
    {"2026-01-05 24:01", "UTC", ""},
    {"202601051430", "UTC", "2026-01-05T14:30:00Z"},
    {"202601051430", "America/New_York", "2026-01-05T19:30:00Z"},
    {"20260105143015", "UTC", "2026-01-05T14:30:15Z"},
    {"202601052430", "UTC", ""},  // no date; as milliseconds it would be in 1976
    {"197164800000", "UTC", ""},  // 1976-04-01 in ms
    {"315532800000", "UTC", "1980-01-01T00:00:00Z"},
    {"20261305143015", "UTC", ""},
    {"1767623400.0", "UTC", "2026-01-05T14:30:00Z"},
    {"1767623400.25", "UTC", "2026-01-05T14:30:00.25Z"},
    {"1.7676234e+09", "UTC", "2026-01-05T14:30:00Z"},
    {"1767623400000.0", "UTC", "2026-01-05T14:30:00Z"},
    {"1767623400.0000000001", "UTC", "2026-01-05T14:30:00Z"},  // rounded to nanoseconds first
    {"20260105.0", "UTC", ""},
    {"2026-01-05X09:30", "UTC", ""},
    {"2026-01-05 09:30:60", "UTC", ""},
    {"2026-01-05 9:30", "UTC", "2026-01-05T09:30:00Z"},
    {"17676234000", "UTC", ""},  // eleven digits: neither seconds nor milliseconds
    {"99999999999999999999", "UTC", ""},
};

TEST(TableTime, IsTheInstantThatPeopleMean) {
  for (const TableTimeCase& each : table_time_cases) {
    const auto zone = TimeZone::parse(each.zone);
    ASSERT_TRUE(zone.has_value()) << each.zone;
    const auto time = parse_table_time(each.text, {.zone = *zone, .format = {}});
    EXPECT_EQ(time ? format_timestamp(time->time) : "", each.instant) << each.text << " " << each.zone;
  }
}

// The time as the learned form reads it, or the error.
std::string learned(const std::vector<std::string>& times, std::optional<std::string_view> format = {}) {
  TimeForm form;
  if (format) form.format = *TimeFormat::parse(*format);
  if (auto done = learn_time_form(times, form); !done) return done.error().message();
  const auto time = parse_table_time(times.front(), form);
  return time ? format_timestamp(time->time) : "no time";
}

TEST(TableTime, LearnsFromTheRowsWhetherTheDayStandsFirst) {
  EXPECT_EQ(learned({"01/02/2024", "01/13/2024"}), "2024-01-02T00:00:00Z");
  EXPECT_EQ(learned({"01/02/2024", "13/02/2024"}), "2024-02-01T00:00:00Z");
  EXPECT_EQ(learned({"1.2.2024 9:30", "31.1.2024 9:30"}), "2024-02-01T09:30:00Z");
  EXPECT_EQ(learned({"09/22/2023 09:30"}), "2023-09-22T09:30:00Z");
  EXPECT_EQ(
      learned({"01/02/2024", "02/02/2024"}),
      "in its times, such as 01/02/2024, nothing tells the month from the day: use --time-format %m/%d/%Y or %d/%m/%Y");
  EXPECT_TRUE(learned({"13/02/2024", "02/13/2024"})
                  .starts_with("in its times, such as 13/02/2024, sometimes the day comes first"));
  EXPECT_EQ(learned({"01/02/2024 09:30", "01/03/2024 09:30"}, "%d/%m/%Y"), "2024-02-01T09:30:00Z");
  EXPECT_EQ(learned({"2024-01-02"}, "%d/%m/%Y"),
            "--time-format %d/%m/%Y fits none of its times, the first is \"2024-01-02\"");
}

TEST(TableTime, LearnsHowATimeOfDayIsWritten) {
  EXPECT_EQ(learned({"20240102 0930", "20240102 0931"}), "2024-01-02T09:30:00Z");
  EXPECT_EQ(learned({"20240102 0930", "20240102 93100"}), "no time");
  EXPECT_EQ(
      learned({"2024010214", "2024010215"}),
      "its times, such as 2024010214, may be dates with an hour or seconds since 1970: use --time-format %Y%m%d%H or "
      "--time-format %s");
  EXPECT_TRUE(learned({"2024010214"}).starts_with("its times, such as 2024010214, may be dates with an hour"));
  EXPECT_EQ(learned({"2024010214", "2024010224"}), "2034-02-20T01:03:34Z");  // no hour 24: seconds since 1970
  EXPECT_EQ(learned({"1704205800", "1704205860"}), "2024-01-02T14:30:00Z");
  EXPECT_EQ(learned({"2024010214", "2024010215"}, "%Y%m%d%H"), "2024-01-02T14:00:00Z");
}

TEST(TableTime, KnowsWhichTimesHaveNoZoneAndWhichComeTwice) {
  const TimeForm form{.zone = *TimeZone::parse("America/New_York"), .format = {}};
  const auto is_naive = [&](std::string_view text) { return parse_table_time(text, form)->is_naive; };
  EXPECT_TRUE(is_naive("2026-01-05 09:30"));
  EXPECT_TRUE(is_naive("2026-01-05"));
  EXPECT_TRUE(is_naive("202601050930"));
  EXPECT_FALSE(is_naive("2026-01-05 09:30-05"));
  EXPECT_FALSE(is_naive("2026-01-05T09:30:00Z"));
  EXPECT_FALSE(is_naive("1767623400"));
  EXPECT_EQ(parse_table_time("2026-11-01 01:30", form)->again, std::chrono::hours(1));
  EXPECT_EQ(parse_table_time("2026-11-01 02:00", form)->again, Duration::zero());
  EXPECT_EQ(parse_table_time("2026-11-01 01:30-04:00", form)->again, Duration::zero());
}

TEST(TimeZone, IsOneOfThoseThatAreKnown) {
  for (const auto* name : {"UTC", "+00:00", "-0500", "America/New_York"}) EXPECT_TRUE(TimeZone::parse(name)) << name;
  for (const auto* name : {"", "EST", "+5", "Europe/Paris", "-24:00"}) EXPECT_FALSE(TimeZone::parse(name)) << name;
}

}  // namespace
}  // namespace tidemark
