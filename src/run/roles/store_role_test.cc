// Store: when it publishes, and that an intent is finished before anything else. Kills are in restart_role_test.cc.
#include "run/roles/store_role.h"

#include <gtest/gtest.h>

#include "run/roles/role_rig_test.h"

namespace tidemark {
namespace {

using namespace std::chrono_literals;

Output final_trend(int number) {
  Trend trend;
  trend.symbol = "A";
  trend.window = {event_time_from_nanos(number * 60'000'000'000), event_time_from_nanos((number + 5) * 60'000'000'000)};
  trend.bar_count = 1;
  Output output{Topic::Trends, {.key = "A"}};
  append_trend(trend, output.record.value);
  return output;
}

Output judged_bar(int position) {
  Bar bar;
  bar.symbol = "A";
  bar.values.open = bar.values.high = bar.values.low = bar.values.close = Price{1};
  Output output{Topic::JudgedBars, {.key = "A"}};
  append_judged_bar(bar, Verdict::Accepted, position, output.record.value);
  return output;
}

class StoreRoleTest : public testing::Test {
 protected:
  // Adds `count` trends and as many bars to the log, without possible faults.
  void rows_come(int count) {
    Fate kind;
    std::swap(kind, fate);
    Commit commit{.reader = "analyze"};
    for (int i = 0; i < count; ++i, ++rows) {
      commit.outputs.push_back(final_trend(rows));
      commit.outputs.push_back(judged_bar(rows));
    }
    ASSERT_TRUE(log.commit(commit));
    std::swap(kind, fate);
  }
  // What Spark does when it was killed: it writes the last `count` trends and bars of the log again.
  void rows_come_again(int count) {
    Commit commit{.reader = "analyze"};
    for (int i = rows - count; i < rows; ++i) {
      commit.outputs.push_back(final_trend(i));
      commit.outputs.push_back(judged_bar(i));
    }
    ASSERT_TRUE(log.commit(commit));
  }
  void expect_rows_once(int count) {
    std::vector<std::string> trends, bars;
    for (int i = 0; i < count; ++i) {
      trends.push_back(final_trend(i).record.value);
      bars.push_back("bar " + std::to_string(i));
    }
    EXPECT_EQ(store.rows("trends"), trends);
    EXPECT_EQ(store.rows("bars"), bars);
  }
  std::size_t work(StoreRole& role) {
    const auto done = role.do_work();
    EXPECT_TRUE(done) << done.error().message();
    return done.value_or(0);
  }
  void expect_all_rows_once() {
    std::vector<std::string> trends;
    for (const Record& record : log.topic(Topic::Trends)) trends.push_back(record.value);
    EXPECT_EQ(store.rows("trends"), trends);
    ASSERT_EQ(store.rows("bars").size(), static_cast<std::size_t>(rows));
    for (int i = 0; i < rows; ++i)
      EXPECT_EQ(store.rows("bars")[static_cast<std::size_t>(i)], "bar " + std::to_string(i));
  }

  int rows = 0;
  Fate fate;
  MemoryLog log{fate};
  MemoryStore store{fate};
  ManualClock clock;
  StoreRoleOptions options{.longest_wait = 60s, .first_wait = 2s, .most_rows = 100};
};

TEST_F(StoreRoleTest, TheFirstRowsOfARunWaitShortlyLaterOnesLong) {
  StoreRole role(log, store, clock, options);
  ASSERT_TRUE(role.open());
  EXPECT_EQ(work(role), 0U) << "there is nothing";
  clock.time += 1h;
  rows_come(3);
  EXPECT_EQ(work(role), 0U) << "their wait begins now";
  clock.time += 2s - 1ns;
  EXPECT_EQ(work(role), 0U);
  clock.time += 1ns;
  EXPECT_EQ(work(role), 6U);
  expect_all_rows_once();
  rows_come(2);
  EXPECT_EQ(work(role), 0U);
  clock.time += 60s - 1ns;
  rows_come(1);
  EXPECT_EQ(work(role), 0U) << "the oldest has not waited long enough";
  clock.time += 1ns;
  EXPECT_EQ(work(role), 6U);
  expect_all_rows_once();
  EXPECT_EQ(work(role), 0U);
}

// One is killed between its intent and its files; the other goes on, and both have every row once.
TEST_F(StoreRoleTest, TwoStoresOfOneLogHavePositionsAndIntentsOfTheirOwn) {
  MemoryStore other_store{fate};
  StoreRoleOptions other_options = options;
  other_options.name = "archive";
  StoreRole lake(log, store, clock, options);
  ASSERT_TRUE(lake.open());
  rows_come(3);
  {
    StoreRole archive(log, other_store, clock, other_options);
    ASSERT_TRUE(archive.open());
    fate.strike_at(2, Blow::Refuse);
    ASSERT_FALSE(archive.flush()) << "the files, after the intent";
  }
  fate = Fate{};
  EXPECT_TRUE(log.restore("store")->positions.empty());
  EXPECT_NE(log.restore("archive")->state, "");
  EXPECT_EQ(lake.flush(), 6U);
  rows_come(2);
  EXPECT_EQ(log.restore("archive")->position(Topic::Trends), 0);
  const auto published = StoreRole::published_rows(log, "archive");
  ASSERT_TRUE(published);
  EXPECT_EQ(published->trends.position, 0);
  EXPECT_EQ(published->trends.intended, 3);
  StoreRole archive(log, other_store, clock, other_options);
  ASSERT_TRUE(archive.open());
  EXPECT_EQ(archive.flush(), 6U) << "the intent first";
  EXPECT_EQ(archive.flush(), 4U);
  EXPECT_EQ(lake.flush(), 4U);
  expect_all_rows_once();
  EXPECT_EQ(other_store.rows("trends"), store.rows("trends"));
  EXPECT_EQ(other_store.rows("bars"), store.rows("bars"));
}

TEST_F(StoreRoleTest, AShortWaitHoldsFromTheBeginning) {
  options.longest_wait = 1s;
  StoreRole role(log, store, clock, options);
  ASSERT_TRUE(role.open());
  rows_come(1);
  EXPECT_EQ(work(role), 0U);
  clock.time += 1s;
  EXPECT_EQ(work(role), 2U);
}

TEST_F(StoreRoleTest, AFullPublicationDoesNotWait) {
  StoreRole role(log, store, clock, options);
  ASSERT_TRUE(role.open());
  rows_come(99);
  EXPECT_EQ(work(role), 0U);
  rows_come(151);
  EXPECT_EQ(work(role), 200U);
  EXPECT_EQ(work(role), 200U);
  EXPECT_EQ(work(role), 0U) << "fifty are left, which wait";
  EXPECT_EQ(role.flush(), 100U);
  EXPECT_EQ(role.flush(), 0U);
  expect_all_rows_once();
}

TEST_F(StoreRoleTest, AClockSetBackKeepsNoRowWaiting) {
  StoreRole role(log, store, clock, options);
  ASSERT_TRUE(role.open());
  rows_come(1);
  EXPECT_EQ(work(role), 0U);
  clock.time -= 24h;
  EXPECT_EQ(work(role), 2U);
}

// A publication has four steps: the intent, two files, the positions. Whichever fails, rows that arrive meanwhile must
// not get into another publication of the same rows.
TEST_F(StoreRoleTest, AnIntentIsFinishedBeforeAnythingElse) {
  for (int step = 1; step <= 4; ++step) {
    fate = Fate{};
    log.topic(Topic::Trends).clear();
    log.topic(Topic::JudgedBars).clear();
    ASSERT_TRUE(
        log.commit({.reader = "store", .positions = {{Topic::Trends, 0}, {Topic::JudgedBars, 0}}, .state = ""}));
    store.shown.clear();
    rows = 0;
    StoreRole role(log, store, clock, options);
    ASSERT_TRUE(role.open());
    rows_come(3);
    fate.strike_at(step, Blow::Refuse);
    const auto refused = role.flush();
    ASSERT_FALSE(refused) << "step " << step;
    EXPECT_TRUE(refused.error().is_retryable());
    rows_come(2);
    while (role.flush().value_or(1) != 0) {
    }
    expect_all_rows_once();
    EXPECT_FALSE(HasFailure()) << "step " << step;
  }
}

TEST_F(StoreRoleTest, AStartFinishesExactlyWhatWasBegun) {
  {
    StoreRole role(log, store, clock, options);
    ASSERT_TRUE(role.open());
    rows_come(3);
    fate.strike_at(2, Blow::After);  // after the first file was published
    EXPECT_THROW((void)role.flush(), Killed);
  }
  EXPECT_EQ(store.shown.size(), 1U);
  rows_come(4);  // analyze was faster after the restart
  StoreRole role(log, store, clock, options);
  ASSERT_TRUE(role.open());
  while (role.flush().value_or(1) != 0) {
  }
  EXPECT_EQ(store.shown.size(), 4U) << "two publications of two files";
  expect_all_rows_once();
}

TEST_F(StoreRoleTest, RepeatedRowsChangeNothingAndAreCounted) {
  StoreRole role(log, store, clock, options);
  ASSERT_TRUE(role.open());
  rows_come(5);
  ASSERT_EQ(role.flush(), 10U);
  rows_come_again(3);
  EXPECT_EQ(role.flush(), 6U) << "done with, though none is new";
  rows_come(2);
  rows_come_again(4);  // two of them are in the store, two in this publication
  rows_come(1);
  EXPECT_EQ(role.flush(), 14U);
  EXPECT_EQ(role.flush(), 0U);
  expect_rows_once(8);
  const StoreRole::Counts counts = role.take_counts();
  EXPECT_EQ(counts.published, 16U);
  EXPECT_EQ(counts.repeated_trends, 7U);
  EXPECT_EQ(counts.repeated_bars, 7U);
  EXPECT_EQ(role.take_counts().published, 0U);
}

TEST_F(StoreRoleTest, TheStoreIsNeverAskedAboutRowsOfAWriterThatRepeatsNone) {
  for (int start = 0; start < 3; ++start) {
    StoreRole role(log, store, clock, options);
    ASSERT_TRUE(role.open());
    rows_come(5);
    ASSERT_EQ(role.flush(), 10U);
    rows_come(5);
    ASSERT_EQ(role.flush(), 10U);
  }
  EXPECT_EQ(store.finds, 0);
  expect_rows_once(30);
}

// The steps of the second publication: its intent, two files, the positions. Whichever a kill strikes, the next process leaves
// out the same rows: by then some of the publication's own rows are in the store.
TEST_F(StoreRoleTest, RepeatedRowsStayOutWhereverAKillStrikes) {
  for (const Blow blow : {Blow::Before, Blow::After, Blow::Refuse})
    for (int step = 1; step <= 4; ++step) {
      fate = Fate{};
      MemoryLog own_log{fate};
      MemoryStore own_store{fate};
      const auto come = [&](std::initializer_list<int> numbers) {
        Commit commit{.reader = "analyze"};
        for (const int number : numbers) {
          commit.outputs.push_back(final_trend(number));
          commit.outputs.push_back(judged_bar(number));
        }
        ASSERT_TRUE(own_log.commit(commit));
      };
      come({0, 1, 2, 3});
      {
        StoreRole role(own_log, own_store, clock, options);
        ASSERT_TRUE(role.open());
        ASSERT_EQ(role.flush(), 8U);
        come({2, 3, 4, 5});
        fate.strike_at(step, blow);
        try {
          (void)role.flush();
        } catch (const Killed&) {
        }
      }
      fate = Fate{};
      come({4, 5, 6});
      StoreRole role(own_log, own_store, clock, options);
      ASSERT_TRUE(role.open());
      while (role.flush().value_or(1) != 0) {
      }
      std::vector<std::string> trends;
      for (int i = 0; i < 7; ++i) trends.push_back(final_trend(i).record.value);
      EXPECT_EQ(own_store.rows("trends"), trends) << "step " << step;
      EXPECT_EQ(own_store.rows("bars").size(), 7U) << "step " << step;
    }
}

// Not every row that does not lie behind the last one is a repeated one: the watermark was lowered, another revision came.
TEST_F(StoreRoleTest, ARowThatTheStoreLacksIsStoredThoughItLiesBeforeTheLastOne) {
  StoreRole role(log, store, clock, options);
  ASSERT_TRUE(role.open());
  Commit commit{.reader = "analyze"};
  for (const int number : {9, 2, 3, 2, 10}) commit.outputs.push_back(final_trend(number));
  ASSERT_TRUE(log.commit(commit));
  ASSERT_EQ(role.flush(), 5U);
  EXPECT_EQ(store.rows("trends"), (std::vector{final_trend(9).record.value, final_trend(2).record.value,
                                               final_trend(3).record.value, final_trend(10).record.value}));
  EXPECT_EQ(role.take_counts().repeated_trends, 1U);
}

// An older program said nothing of the last rows, so every row of the first publication is looked for.
TEST_F(StoreRoleTest, RowsRepeatedAcrossAnUpgradeStayOut) {
  {
    StoreRole role(log, store, clock, options);
    ASSERT_TRUE(role.open());
    rows_come(4);
    ASSERT_EQ(role.flush(), 8U);
  }
  ASSERT_TRUE(log.commit({.reader = "store", .state = ""}));
  StoreRole role(log, store, clock, options);
  ASSERT_TRUE(role.open());
  rows_come_again(2);
  EXPECT_EQ(role.flush(), 4U);
  rows_come_again(3);
  rows_come(3);
  EXPECT_EQ(role.flush(), 12U);
  rows_come(3);
  EXPECT_EQ(role.flush(), 6U);
  const int finds = store.finds;
  rows_come(3);
  EXPECT_EQ(role.flush(), 6U);
  EXPECT_EQ(store.finds, finds) << "the last rows are known again";
  expect_rows_once(13);
}

TEST_F(StoreRoleTest, AFinishedPublicationIsNotMadeAgain) {
  {
    StoreRole role(log, store, clock, options);
    ASSERT_TRUE(role.open());
    rows_come(3);
    ASSERT_EQ(role.flush(), 6U);
  }
  StoreRole role(log, store, clock, options);
  ASSERT_TRUE(role.open());
  EXPECT_EQ(role.flush(), 0U);
  EXPECT_EQ(store.publications, 1);
}

TEST_F(StoreRoleTest, ADamagedIntentIsRefusedWithASentence) {
  for (const std::string state :
       {"x", "publishing", "publishing 1 2 3", "publishing 5 3 0 0", "publishing 0 0 9 1", "publishing a b c d",
        "publishing -1 3 0 0", "publishing 0 0 -9223372036854775807 1", "publishing 0 0 0 0\nthrough 1 2",
        "publishing 0 0 0 0\nthrough 1 2 9 short", "publishing 0 5 0 0\nrepeated trends 3-7",
        "publishing 0 5 0 0\nrepeated trends 3 3", "publishing 0 5 0 0\nrepeated bars 3"}) {
    ASSERT_TRUE(log.commit({.reader = "store", .state = state}));
    StoreRole role(log, store, clock, options);
    const auto opened = role.open();
    ASSERT_FALSE(opened) << state;
    EXPECT_NE(opened.error().message().find("damaged"), std::string::npos);
    EXPECT_FALSE(opened.error().is_retryable());
  }
}

TEST_F(StoreRoleTest, ADamagedRowIsNamedByItsOffset) {
  StoreRole role(log, store, clock, options);
  ASSERT_TRUE(role.open());
  rows_come(5);
  log.topic(Topic::JudgedBars)[3].value += "x";
  const auto refused = role.flush();
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message().find("offset 3 of tidemark_bars"), std::string::npos)
      << refused.error().message();
  EXPECT_FALSE(refused.error().is_retryable());
  EXPECT_TRUE(store.shown.empty());
}

// An intent for rows that are not in the log must end in an error, not in an endless search.
TEST_F(StoreRoleTest, AnIntentBeyondTheLogIsRefusedWithASentence) {
  rows_come(2);
  ASSERT_TRUE(log.commit({.reader = "store", .state = "publishing 0 5 0 5"}));
  StoreRole role(log, store, clock, options);
  const auto opened = role.open();
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().message().find("offset 2"), std::string::npos) << opened.error().message();
}

}  // namespace
}  // namespace tidemark
