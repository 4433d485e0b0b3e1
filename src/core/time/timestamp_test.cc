// The grammar of times (contract/semantics.md §2.3) and how they are written. Instants are Python's:
//   int(datetime(2026, 11, 22, 14, 30, tzinfo=timezone.utc).timestamp()) * 10**9
#include "core/time/timestamp.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <string>

namespace tidemark {
namespace {

constexpr std::int64_t second = 1'000'000'000;
constexpr std::int64_t half_past_two = 1'795'357'800 * second;  // 2026-11-22T14:30:00Z

struct Written {
  std::string_view text;
  std::int64_t nanos;
};
constexpr std::array good_times{
    Written{"2026-11-22T14:30:00Z", half_past_two},
    Written{"2026-11-22 14:30:00Z", half_past_two},
    Written{"2026-11-22T14:30:00", half_past_two},
    Written{"2026-11-22 14:30:00", half_past_two},
    Written{"2026-11-22T14:30:00+00:00", half_past_two},
    Written{"2026-11-22T14:30:00-00:00", half_past_two},
    Written{"2026-11-22T14:30:00+0000", half_past_two},
    Written{"2026-11-22T09:30:00-05:00", half_past_two},
    Written{"2026-11-22T09:30:00-0500", half_past_two},
    Written{"2026-11-22T20:00:00+05:30", half_past_two},
    Written{"2026-11-23T14:29:00+23:59", half_past_two},
    Written{"2026-11-21T14:31:00-23:59", half_past_two},
    Written{"2026-11-22T14:30:00.5Z", half_past_two + second / 2},
    Written{"2026-11-22T14:30:00.000000001Z", half_past_two + 1},
    Written{"2026-11-22T14:30:00.123456789+00:00", half_past_two + 123'456'789},
    Written{"2026-11-22T14:30:00.500000000", half_past_two + second / 2},
    Written{"1970-01-01T00:00:00Z", 0},
    Written{"1970-01-01T00:00:00+23:59", -86'340 * second},
    Written{"2261-12-31T23:59:59.999999999Z", 9'214'646'399'999'999'999},
    Written{"2261-12-31T23:59:59.999999999-23:59", 9'214'732'739'999'999'999},
    Written{"2024-02-29T00:00:00Z", 1'709'164'800 * second},
    Written{"2000-02-29T23:59:59Z", 951'868'799 * second},
    Written{"2100-03-01T00:00:00Z", 4'107'542'400 * second},
};

TEST(ParseTimestamp, ReadsWhatTheGrammarAllows) {
  for (const Written& row : good_times) {
    const auto time = parse_timestamp(row.text);
    ASSERT_TRUE(time.has_value()) << row.text;
    EXPECT_EQ(nanos_since_epoch(*time), row.nanos) << row.text;
  }
}

constexpr auto bad_times = std::to_array<std::string_view>({
    "",
    "2026",
    "2026-11-22",
    "2026-11-22T",
    "2026-11-22T14",
    "2026-11-22T14:30",
    "2026-11-22T14:30Z",
    "2026-11-22T14:30:0Z",
    "2026-11-22t14:30:00Z",
    "2026-11-22T14:30:00z",
    "2026-11-22  14:30:00Z",
    "2026-11-22_14:30:00Z",
    " 2026-11-22T14:30:00Z",
    "2026-11-22T14:30:00Z ",
    "2026-11-22T14:30:00 Z",
    "2026-11-22T14:30:00ZZ",
    "2026-11-22T14:30:00.Z",
    "2026-11-22T14:30:00.",
    "2026-11-22T14:30:00.1234567890Z",
    "2026-11-22T14:30:00,5Z",
    "2026-11-22T14:30:00.5.5Z",
    "2026-11-22T14:30:00.-5Z",
    "2026-11-22T14:30:60Z",
    "2026-11-22T14:60:00Z",
    "2026-11-22T24:00:00Z",
    "2026-11-22T-1:30:00Z",
    "2026-11-22T+1:30:00Z",
    "2026-11-31T14:30:00Z",
    "2026-02-29T14:30:00Z",
    "2100-02-29T14:30:00Z",
    "2026-00-22T14:30:00Z",
    "2026-13-22T14:30:00Z",
    "2026-11-00T14:30:00Z",
    "2026-11-32T14:30:00Z",
    "1969-12-31T23:59:59Z",
    "2262-01-01T00:00:00Z",
    "0000-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "12026-11-22T14:30:00Z",
    "-2026-11-22T14:30:00Z",
    "26-11-22T14:30:00Z",
    "2026-1-22T14:30:00Z",
    "20261122T143000Z",
    "2026/11/22T14:30:00Z",
    "2026-11-22T14.30.00Z",
    "2026-11-22T14:30:00+5",
    "2026-11-22T14:30:00+05",
    "2026-11-22T14:30:00+5:00",
    "2026-11-22T14:30:00+05:0",
    "2026-11-22T14:30:00+24:00",
    "2026-11-22T14:30:00+05:60",
    "2026-11-22T14:30:00+05:00Z",
    "2026-11-22T14:30:00Z+05:00",
    "2026-11-22T14:30:00+05-00",
    "\xd9\xa2\xd9\xa0\xd9\xa2\xd9\xa6-11-22T14:30:00Z",  // Arabic digits
    "2026-11-22T14:30:00\xe2\x88\x92"
    "05:00",  // a minus that is not ASCII
});

TEST(ParseTimestamp, RefusesAllElse) {
  for (const std::string_view text : bad_times) EXPECT_FALSE(parse_timestamp(text).has_value()) << text;
  EXPECT_FALSE(parse_timestamp(std::string_view("2026-11-22T14:30:00Z\0", 21)).has_value());
}

TEST(ParseTimestamp, EveryShorterTextIsBadOrAnotherTime) {
  constexpr std::string_view whole = "2026-11-22T14:30:00.123456789+05:30";
  for (std::size_t size = 0; size < whole.size(); ++size) {
    // What may be omitted: the zone, and digits of the fraction.
    const bool good = size == 19 || (size >= 21 && size <= 29);
    EXPECT_EQ(parse_timestamp(whole.substr(0, size)).has_value(), good) << whole.substr(0, size);
  }
}

constexpr std::array canonical_times{
    Written{"2026-11-22T14:30:00Z", half_past_two},
    Written{"2026-11-22T14:30:00.5Z", half_past_two + second / 2},
    Written{"2026-11-22T14:30:00.000000001Z", half_past_two + 1},
    Written{"2026-11-22T14:30:00.12Z", half_past_two + 120'000'000},
    Written{"1970-01-01T00:00:00Z", 0},
    Written{"1969-12-31T23:59:59.999999999Z", -1},
    Written{"1969-12-31T00:01:00Z", -86'340 * second},
    Written{"2262-01-01T23:58:59.999999999Z", 9'214'732'739'999'999'999},
};

TEST(FormatTimestamp, WritesAsManyDigitsAsAreNeeded) {
  for (const Written& row : canonical_times) {
    EXPECT_EQ(format_timestamp(event_time_from_nanos(row.nanos)), row.text);
    std::string out = "before ";
    append_timestamp(event_time_from_nanos(row.nanos), out);
    EXPECT_EQ(out, "before " + std::string(row.text));
    EXPECT_EQ(parse_written_timestamp(row.text), event_time_from_nanos(row.nanos));
  }
}

TEST(FormatTimestamp, GivesBackEveryDayOfTheYearsOfBars) {
  for (std::int64_t day = -1; day < 106'700; ++day) {  // to 2262-02
    const EventTime time = event_time_from_nanos((day * 86'400 + day % 86'400) * second + day % 7);
    ASSERT_EQ(parse_written_timestamp(format_timestamp(time)), time) << format_timestamp(time);
  }
}

TEST(WindowTime, IsTheSecondWithASpace) {
  EXPECT_EQ(format_window_time(event_time_from_nanos(half_past_two)), "2026-11-22 14:30:00");
  EXPECT_EQ(format_window_time(event_time_from_nanos(-300 * second)), "1969-12-31 23:55:00");
  EXPECT_EQ(parse_window_time("2026-11-22 14:30:00"), event_time_from_nanos(half_past_two));
  EXPECT_EQ(parse_window_time("1969-10-02 00:00:00"), event_time_from_nanos(-91 * 86'400 * second));
  // 2^63 nanoseconds end on 2262-04-11.
  EXPECT_TRUE(parse_window_time("2262-04-10 23:59:59").has_value());
  EXPECT_FALSE(parse_window_time("2262-04-12 00:00:00").has_value());
  for (const std::string_view text :
       {"2026-11-22T14:30:00", "2026-11-22 14:30:00Z", "2026-11-22 14:30:0", "", "2026-11-22 14:30:61"})
    EXPECT_FALSE(parse_window_time(text).has_value()) << text;
}

TEST(FormatDate, IsTheDayInUtc) {
  EXPECT_EQ(format_date(event_time_from_nanos(half_past_two)), "2026-11-22");
  EXPECT_EQ(format_date(event_time_from_nanos(0)), "1970-01-01");
  EXPECT_EQ(format_date(event_time_from_nanos(-1)), "1969-12-31");
}

TEST(FloorTo, GoesDownBeforeTheEpochToo) {
  constexpr Duration minute = std::chrono::minutes(1);
  EXPECT_EQ(floor_to(event_time_from_nanos(59 * second), minute), event_time_from_nanos(0));
  EXPECT_EQ(floor_to(event_time_from_nanos(60 * second), minute), event_time_from_nanos(60 * second));
  EXPECT_EQ(floor_to(event_time_from_nanos(-1), minute), event_time_from_nanos(-60 * second));
  EXPECT_EQ(floor_to(event_time_from_nanos(-60 * second), minute), event_time_from_nanos(-60 * second));
}

}  // namespace
}  // namespace tidemark
