// Which days a bar that arrives now makes stale, given the windows of five minutes that the log has closed.
#include "app/data_dir/stale_days.h"

#include <gtest/gtest.h>

#include "core/time/time.h"
#include "core/time/timestamp.h"
#include "run/roles/analyze_role.h"
#include "run/roles/role_rig_test.h"

namespace tidemark {
namespace {

struct Case {
  std::string_view when;
  std::vector<std::string_view> bars;  // the first of each day
  std::string_view days;
  std::string_view words;  // of the text
};

class DaysBehindTest : public testing::Test {
 protected:
  // Closes all windows that end by `time`, but not those that hold this bar.
  void close_through(std::string_view time, std::string_view bar) {
    const std::vector<Record> records = {
        {.value = R"({"symbol":"A","timestamp":")" + std::string(bar) +
                  R"(","open":1,"high":1,"low":1,"close":1,"volume":1})"},
        {.kind = RecordKind::Heartbeat, .time = *parse_timestamp(time) + std::chrono::minutes(2)}};
    ASSERT_TRUE(log.append(records, "test", ""));
    CountingNotifier bell;
    AnalyzeRole analyze({}, log, bell, nullptr);
    ASSERT_TRUE(analyze.open());
    ASSERT_TRUE(analyze.do_work());
  }
  StaleDays look(const std::vector<std::string_view>& bars) {
    std::map<std::chrono::sys_days, EventTime> days;
    for (const std::string_view bar : bars) {
      const EventTime time = *parse_timestamp(bar);
      days[std::chrono::floor<std::chrono::days>(time)] = time;
    }
    auto behind = StaleDays::look(log, days);
    EXPECT_TRUE(behind) << behind.error().message();
    return *behind;
  }

  Fate fate;
  MemoryLog log{fate};
};

TEST_F(DaysBehindTest, AreThoseOfClosedWindows) {
  close_through("2026-11-22T12:00:00Z", "2026-11-22T12:00:00Z");
  const Case cases[] = {
      {"none", {}, "[]", ""},
      {"a day that is over", {"2026-11-20T09:30:00Z"}, R"(["2026-11-20"])", "tidemark recompute --day 2026-11-20\n"},
      {"windows of the day before hold it, too",
       {"2026-11-20T00:03:59Z"},
       R"(["2026-11-19","2026-11-20"])",
       "tidemark recompute --from 2026-11-19 --to 2026-11-20\n"},
      {"not this one", {"2026-11-20T00:04:00Z"}, R"(["2026-11-20"])", "--day 2026-11-20\n"},
      {"two days",
       {"2026-11-18T10:00:00Z", "2026-11-20T10:00:00Z"},
       R"(["2026-11-18","2026-11-20"])",
       "tidemark recompute --from 2026-11-18 --to 2026-11-20\n"},
      {"a day that goes on",
       {"2026-11-22T09:30:00Z"},
       "[]",
       "windows of 2026-11-22 have closed: recompute it when it is over"},
      {"one of its five windows has closed", {"2026-11-22T11:59:59Z"}, "[]", "windows of 2026-11-22 have"},
      {"none of its windows has", {"2026-11-22T12:00:00Z"}, "[]", ""},
  };
  for (const Case& each : cases) {
    const StaleDays behind = look(each.bars);
    EXPECT_EQ(behind.json(), each.days) << each.when;
    EXPECT_NE(behind.text().find(each.words), std::string::npos) << each.when << "\n" << behind.text();
    if (each.words.empty()) {
      EXPECT_EQ(behind.text(), "") << each.when;
    }
  }
}

TEST_F(DaysBehindTest, ADayIsOverWhenNoneOfItsWindowsIsOpen) {
  close_through("2026-11-22T21:00:00Z", "2026-11-22T20:00:00Z");
  EXPECT_EQ(look({"2026-11-22T09:30:00Z"}).json(), R"(["2026-11-22"])");
}

TEST_F(DaysBehindTest, NoneWhereNothingWasJudged) { EXPECT_EQ(look({"2026-11-20T09:30:00Z"}).text(), ""); }

}  // namespace
}  // namespace tidemark
