// What the filter and the journal report about records that are in no trend.
#include "app/filter/left_out_text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string_view>
#include <vector>

#include "app/filter/trends.h"
#include "app/live/left_out_journal.h"
#include "core/time/time.h"

namespace tidemark {
namespace {

LeftOut some_rejected() {
  LeftOut left_out;
  left_out.rejected({Reason::BadJson, {}}, {"a\nb.csv", 1}, "a,b,c,d,e");
  left_out.rejected({Reason::Missing, "open"}, {"c.csv", 9}, "{}");
  return left_out;
}
LeftOut some_late(int count) {
  LeftOut left_out;
  for (int i = 0; i < count; ++i) left_out.late({"day.jsonl", 31 + i});
  return left_out;
}

TEST(LeftOutText, SaysHowManyTheFirstAndTheCure) {
  EXPECT_EQ(left_out_text({}, {.read = 5, .accepted = 5}, {}, {}), "");
  EXPECT_EQ(left_out_text(some_rejected(), {.read = 3, .rejected = 2}, {}, {}),
            "2 of 3 records rejected (the first: a\\nb.csv:1, bad_json): this is CSV, which `tidemark import` reads; "
            "--rejects FILE keeps them, each with its reason");
  TrendsOptions kept;
  kept.rejects = "bad.jsonl";
  EXPECT_TRUE(left_out_text(some_rejected(), {.read = 3}, {}, kept).ends_with("; they are in bad.jsonl"));
}

TEST(LeftOutText, NamesSortWhereBarsAreLate) {
  EXPECT_EQ(left_out_text(some_late(1), {.read = 100}, {}, {}),
            "1 of 100 records late, in no trend (the first: day.jsonl:31); --sort reads all in order of time, a longer "
            "--delay waits for them; --late FILE keeps them");
  EXPECT_NE(left_out_text(some_late(10), {.read = 100}, {}, {}).find("sorted by symbol"), std::string::npos);
  TrendsOptions sorted;
  sorted.sort.sort = true;
  EXPECT_EQ(left_out_text(some_late(1), {.read = 100}, {}, sorted).find("--sort"), std::string::npos);
}

TEST(LeftOutText, IsOneLineForAll) {
  LeftOut both = some_rejected();
  both.add(some_late(1));
  const std::string text = left_out_text(both, {.read = 100}, {{"success", 1}, {"t\x1b", 4}}, {});
  EXPECT_EQ(text.find('\n'), std::string::npos);
  EXPECT_TRUE(text.ends_with(". 5 messages skipped that are no bars (success 1, t\\u001b 4)")) << text;
}

class Kept : public Journal {
 public:
  void write(Level level, std::string_view event, std::initializer_list<Field> fields) override {
    EXPECT_EQ(level, Level::Warning);
    std::string line(event);
    for (const Field& field : fields)
      if (told.contains(field.name)) line += ' ' + field.value;
    lines.push_back(line);
  }
  std::vector<std::string> lines;

 private:
  const std::set<std::string_view> told{"records", "first", "reason", "position", "bar", "from", "to", "late"};
};

TEST(LeftOutJournal, TellsTheFirstAtOnceAndThenOnceAMinute) {
  using namespace std::chrono_literals;
  Kept journal;
  LeftOutJournal told(journal, {});
  const LeftOutJournal::Clock::time_point start{1h};
  told.note({}, start);
  EXPECT_TRUE(journal.lines.empty());
  told.note(some_late(1), start);
  EXPECT_EQ(journal.lines, std::vector<std::string>{"bars.late 1 day.jsonl:31"});
  told.note(some_late(2), start + 1s);
  told.note(some_rejected(), start + 59s);
  EXPECT_EQ(journal.lines.size(), 1U);
  told.note({}, start + 60s);
  EXPECT_EQ(journal.lines, (std::vector<std::string>{"bars.late 1 day.jsonl:31", "bars.rejected 2 a\nb.csv:1 bad_json",
                                                     "bars.late 2 day.jsonl:31"}));
  told.note(some_late(4), start + 61s);
  told.finish();
  told.finish();
  EXPECT_EQ(journal.lines.back(), "bars.late 4 day.jsonl:31");
  EXPECT_EQ(journal.lines.size(), 4U);
}

TEST(LeftOutJournal, TellsAJumpOfTheWatermarkAtOnceAndThenOnceAMinute) {
  using namespace std::chrono_literals;
  Kept journal;
  LeftOutJournal told(journal, {});
  const LeftOutJournal::Clock::time_point start{1h};
  const auto late_behind_jump = [](std::int64_t late_so_far) {
    LeftOut left_out = some_late(1);
    left_out.jump = WatermarkJump{.source = "alpaca_trends",
                                  .position = 7,
                                  .symbol = "A",
                                  .bar = EventTime(120s),
                                  .from = EventTime(0s),
                                  .to = EventTime(60s),
                                  .late = late_so_far};
    return left_out;
  };
  const auto jumped = [](const std::string& late) {
    return "watermark.jumped alpaca_trends:7 1970-01-01T00:02:00Z 1970-01-01T00:00:00Z 1970-01-01T00:01:00Z " + late;
  };
  told.note(some_late(1), start);
  told.note(late_behind_jump(1), start + 10s);
  EXPECT_EQ(journal.lines, (std::vector<std::string>{"bars.late 1 day.jsonl:31", jumped("1")}))
      << "it waits for nothing";
  told.note(late_behind_jump(2), start + 59s);
  told.note({}, start + 60s);
  EXPECT_EQ(journal.lines.size(), 3U) << "the minute of bars.late is another one";
  told.note(late_behind_jump(3), start + 70s);
  EXPECT_EQ(journal.lines.back(), jumped("3"));
  told.note(late_behind_jump(4), start + 71s);
  told.finish();
  told.finish();
  EXPECT_EQ(std::ranges::count(journal.lines, jumped("4")), 1);
}

}  // namespace
}  // namespace tidemark
