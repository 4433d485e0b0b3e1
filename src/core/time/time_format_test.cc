#include "core/time/time_format.h"

#include <gtest/gtest.h>

#include "core/time/timestamp.h"

namespace tidemark {
namespace {

struct FormatCase {
  std::string_view format, text, time;  // no time: the text does not match
};

// As datetime.strptime of Python 3.11 reads them; %s and fractions in nanoseconds by hand.
constexpr FormatCase format_cases[] = {
    {"%m/%d/%Y %H:%M", "09/22/2023 09:30", "2023-09-22T09:30:00Z"},
    {"%m/%d/%Y %H:%M", "9/2/2023 9:30", "2023-09-02T09:30:00Z"},
    {"%m/%d/%Y %H:%M", "22/09/2023 09:30", ""},
    {"%m/%d/%Y %H:%M", "09/22/2023 09:30:00", ""},
    {"%m/%d/%Y %H:%M", "09/22/2023   09:30 ", "2023-09-22T09:30:00Z"},
    {"%d-%b-%Y %I:%M:%S %p", "02-Jan-2024 12:05:00 AM", "2024-01-02T00:05:00Z"},
    {"%d-%b-%Y %I:%M%p", "02-january-2024 12:05PM", "2024-01-02T12:05:00Z"},
    {"%d-%b-%Y %I%p", "02-Jan-2024 9PM", "2024-01-02T21:00:00Z"},
    {"%d-%b-%Y %I%p", "02-Jan-2024 13PM", ""},
    {"%Y%m%d%H%M%S", "20240102143005", "2024-01-02T14:30:05Z"},
    {"%Y%m%d%H", "2024010214", "2024-01-02T14:00:00Z"},
    {"%Y%m%d%H", "202401021", ""},
    {"%y%m%d", "240102", "2024-01-02T00:00:00Z"},
    {"%y%m%d", "990102", "1999-01-02T00:00:00Z"},
    {"%D %R", "01/02/24 14:30", "2024-01-02T14:30:00Z"},
    {"%FT%T.%f%z", "2024-01-02T09:30:00.123456789-05:00", "2024-01-02T14:30:00.123456789Z"},
    {"%FT%T.%f%z", "2024-01-02T09:30:00.5Z", "2024-01-02T09:30:00.5Z"},
    {"%FT%T%z", "2024-01-02T09:30:00", ""},
    {"%Y-%j", "2024-366", "2024-12-31T00:00:00Z"},
    {"%Y-%j", "2023-366", ""},
    {"%s", "1704205800", "2024-01-02T14:30:00Z"},
    {"%s.%f", "1704205800.25", "2024-01-02T14:30:00.25Z"},
    {"%Y-%m-%d 100%%", "2024-01-02 100%", "2024-01-02T00:00:00Z"},
    {"%Y-%m-%d", "2024-02-30", ""},
    {"%Y-%m-%d", "1969-12-31", ""},
    {"%Y-%m-%d %H:%M", "2024-01-02 24:00", ""},
};

TEST(TimeFormat, ReadsAsStrptimeDoes) {
  for (const FormatCase& each : format_cases) {
    const auto format = TimeFormat::parse(each.format);
    ASSERT_TRUE(format.has_value()) << each.format << ": " << format.error().message();
    const auto read = format->read(each.text);
    const bool fits = read && read->rest.empty();
    EXPECT_EQ(fits ? format_timestamp(read->time.local - read->time.offset.value_or(std::chrono::seconds(0))) : "",
              each.time)
        << each.format << " " << each.text;
  }
}

TEST(TimeFormat, LeavesATimeOfDayBehindADateToOthers) {
  const auto read = TimeFormat::parse("%m/%d/%Y")->read("09/22/2023 09:30");
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->rest, " 09:30");
}

TEST(TimeFormat, SaysWhatIsWrong) {
  for (const auto& [format, message] : {
           std::pair{"%m/%d/%Q", "%Q is none of"},
           std::pair{"%m/%d", "no date"},
           std::pair{"%H:%M", "no date"},
           std::pair{"%Y-%m-%d %I:%M", "needs %p"},
           std::pair{"%Y-%m-%d %Y", "twice"},
           std::pair{"%Y-%m-%d %", "% is none of"},
       }) {
    const auto parsed = TimeFormat::parse(format);
    ASSERT_FALSE(parsed.has_value()) << format;
    EXPECT_NE(parsed.error().message().find(message), std::string::npos) << parsed.error().message();
  }
}

}  // namespace
}  // namespace tidemark
