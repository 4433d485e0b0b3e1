#include "core/time/table_time.h"

#include <gtest/gtest.h>

#include "core/time/timestamp.h"

namespace tidemark {
namespace {

struct Case {
  std::string_view text, zone, instant;  // no instant: it is no time
};

// The instants by hand; the hours of New York's clock changes as the tz database has them.
constexpr Case cases[] = {
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
    // Spring forward and fall back, to the second; of the hour that comes twice the first.
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
    {"2026-1-5", "UTC", ""},
    {"01/05/2026", "UTC", ""},
    {"2026-01-05X09:30", "UTC", ""},
    {"2026-01-05 09:30:60", "UTC", ""},
    {"2026-01-05 9:30", "UTC", ""},
    {"17676234000", "UTC", ""},  // eleven digits: neither seconds nor milliseconds
    {"99999999999999999999", "UTC", ""},
};

TEST(TableTime, IsTheInstantThatPeopleMean) {
  for (const Case& each : cases) {
    const auto zone = TimeZone::parse(each.zone);
    ASSERT_TRUE(zone.has_value()) << each.zone;
    const auto time = parse_table_time(each.text, *zone);
    EXPECT_EQ(time ? format_timestamp(*time) : "", each.instant) << each.text << " " << each.zone;
  }
}

TEST(TimeZone, IsOneOfThoseThatAreKnown) {
  for (const auto* name : {"UTC", "+00:00", "-0500", "America/New_York"}) EXPECT_TRUE(TimeZone::parse(name)) << name;
  for (const auto* name : {"", "EST", "+5", "Europe/Paris", "-24:00"}) EXPECT_FALSE(TimeZone::parse(name)) << name;
}

}  // namespace
}  // namespace tidemark
