#include "io/tzdb/time_zones.h"

#include <gtest/gtest.h>

#include "core/time/timestamp.h"

namespace tidemark {
namespace {

struct Case {
  std::string_view zone, local, first, second;  // no first: it never occurs; no second: it occurs once
};

// By Python's zoneinfo, fold 0 and 1.
constexpr Case cases[] = {
    {"Europe/Berlin", "2026-03-29 01:59:59", "2026-03-29T00:59:59Z", ""},
    {"Europe/Berlin", "2026-03-29 02:00:00", "", ""},
    {"Europe/Berlin", "2026-03-29 03:00:00", "2026-03-29T01:00:00Z", ""},
    {"Europe/Berlin", "2026-10-25 02:30:00", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"},
    {"Europe/Berlin", "2261-07-01 09:00:00", "2261-07-01T07:00:00Z", ""},
    {"Europe/London", "1970-07-01 12:00:00", "1970-07-01T11:00:00Z", ""},
    {"Asia/Kolkata", "2026-01-05 09:15:00", "2026-01-05T03:45:00Z", ""},
    {"Asia/Tokyo", "2026-01-05 09:00:00", "2026-01-05T00:00:00Z", ""},
    {"Australia/Sydney", "2026-04-05 02:30:00", "2026-04-04T15:30:00Z", "2026-04-04T16:30:00Z"},
    {"America/Sao_Paulo", "2018-11-04 00:30:00", "", ""},
    {"America/Sao_Paulo", "2018-02-17 23:30:00", "2018-02-18T01:30:00Z", "2018-02-18T02:30:00Z"},
    {"America/Sao_Paulo", "2020-01-05 10:00:00", "2020-01-05T13:00:00Z", ""},
};

TEST(TimeZones, AreThoseOfTheDatabase) {
  for (const Case& each : cases) {
    const auto zone = find_time_zone(each.zone);
    ASSERT_TRUE(zone.has_value()) << each.zone << " (package tzdata)";
    const auto found = zone->resolve(*parse_timestamp(each.local));
    EXPECT_EQ(found ? format_timestamp(found->time) : "", each.first) << each.zone << " " << each.local;
    const bool comes_twice = found && found->again != Duration::zero();
    EXPECT_EQ(comes_twice ? format_timestamp(found->time + found->again) : "", each.second) << each.local;
  }
}

// New York's rules are also in the core (core/time/time_zone.cc). Both must agree, every quarter of an hour around
// every noon and every change of the clocks.
TEST(TimeZones, HaveNewYorkAsTheCoreHasIt) {
  const auto database = find_time_zone("America/New_York");
  ASSERT_TRUE(database.has_value());
  const TimeZone core = *TimeZone::parse("America/New_York");
  const EventTime end = std::chrono::sys_days{std::chrono::year{2261} / 12 / 31};
  for (EventTime local = std::chrono::sys_days{std::chrono::year{1970} / 1 / 2}; local < end;
       local += std::chrono::minutes(45)) {
    const auto a = database->resolve(local), b = core.resolve(local);
    ASSERT_EQ(a.has_value(), b.has_value()) << format_timestamp(local);
    if (!a) continue;
    ASSERT_EQ(a->time, b->time) << format_timestamp(local);
    ASSERT_EQ(a->again, b->again) << format_timestamp(local);
  }
}

TEST(TimeZones, AreNamesAndNoPaths) {
  for (const auto* name : {"", "Europe/Atlantis", "../zoneinfo/UTC", "/usr/share/zoneinfo/UTC", "Europe/Ber\nlin"})
    EXPECT_FALSE(find_time_zone(name).has_value()) << name;
}

}  // namespace
}  // namespace tidemark
