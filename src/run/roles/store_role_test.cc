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
        "publishing -1 3 0 0", "publishing 0 0 -9223372036854775807 1"}) {
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
