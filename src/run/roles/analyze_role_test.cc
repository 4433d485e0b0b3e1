// Analyze: what it sends to the page and writes to the log, and what it refuses. Kills are in restart_role_test.cc.
#include "run/roles/analyze_role.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>

#include "run/roles/role_rig_test.h"

namespace tidemark {
namespace {

using namespace std::chrono_literals;

std::string row(const Trend& trend) {
  std::string text;
  append_trend(trend, text);
  return text;
}

// A page that reads the log whenever it receives a batch.
class SuspiciousPage : public LiveSink {
 public:
  explicit SuspiciousPage(MemoryLog& log) : log_(log) {}
  void committed(LiveBatch batch) override {
    std::set<std::string> durable;
    for (const Record& record : log_.topic(Topic::Trends)) durable.insert(record.value);
    for (const Trend& trend : batch.trends) {
      if (trend.status == TrendStatus::Update) continue;
      EXPECT_TRUE(durable.contains(row(trend))) << "told before it was durable";
      finals.push_back(row(trend));
    }
    batches.push_back(std::move(batch));
  }
  std::vector<LiveBatch> batches;
  std::vector<std::string> finals;

 private:
  MemoryLog& log_;
};

struct AnalyzeWorld {
  explicit AnalyzeWorld(std::size_t most_polled = 30) : log(fate, most_polled) {}
  void append(const std::vector<Record>& records) { ASSERT_TRUE(log.append(records, "feed", "")); }

  Fate fate;
  MemoryLog log;
  CountingNotifier bell;
  SuspiciousPage page{log};
};

std::vector<std::string> values(AnalyzeWorld& world, Topic topic) {
  std::vector<std::string> all;
  for (const Record& record : world.log.topic(topic)) all.push_back(record.value);
  return all;
}

void work(AnalyzeRole& role) {
  for (Result<std::size_t> done = 1; done != 0U; done = role.do_work()) ASSERT_TRUE(done) << done.error().message();
}

TEST(AnalyzeRole, SaysOnceWhatIsInNoTrend) {
  AnalyzeWorld world;
  const auto bar = [](const std::string& minute) {
    return Record{.value = R"({"symbol":"A","timestamp":"2026-01-05T14:)" + minute +
                           R"(:00Z","open":1,"high":1,"low":1,"close":1,"volume":1})"};
  };
  world.append({bar("00"), bar("50"), {.value = "a,b,c,d,e"}, bar("00"), bar("01"), {.value = "{}"}});
  AnalyzeRole role({}, world.log, world.bell, nullptr);
  ASSERT_TRUE(role.open());
  EXPECT_TRUE(role.take_left_out().is_empty());
  work(role);
  const LeftOut left_out = role.take_left_out();
  EXPECT_EQ(left_out.rejected_count, 2);
  EXPECT_EQ(place_of(*left_out.first_rejected), "alpaca_trends:2");
  EXPECT_EQ(reason_of(*left_out.first_rejected), "bad_json");
  EXPECT_NE(left_out.first_rejected->hint.find("CSV"), std::string::npos);
  EXPECT_EQ(left_out.late_count, 2);
  EXPECT_EQ(place_of(*left_out.first_late), "alpaca_trends:3");
  EXPECT_TRUE(role.take_left_out().is_empty());
  // A start processes the input after the snapshot again; its effects were committed before.
  AnalyzeRole again({}, world.log, world.bell, nullptr);
  ASSERT_TRUE(again.open());
  work(again);
  EXPECT_TRUE(again.take_left_out().is_empty());
}

std::string bar_at(const std::string& timestamp) {
  return R"({"symbol":"A","timestamp":")" + timestamp + R"(","open":1,"high":1,"low":1,"close":1,"volume":1})";
}

// Contract 3.11, by hand: appended at noon with a limit of an hour.
TEST(AnalyzeRole, RejectsABarTooFarAheadOfItsAppend) {
  AnalyzeWorld world;
  const EventTime noon = *parse_timestamp("2026-11-20T12:00:00Z");
  const auto appended = [&](const std::string& timestamp) {
    return Record{.key = "A", .value = bar_at(timestamp), .ingested_at = noon};
  };
  world.append({limit_record(3'600, noon), appended("2026-11-20T12:00:00Z"), appended("2026-11-20T13:00:00.000000001Z"),
                appended("2026-11-20T13:00:00Z")});
  AnalyzeRole role({}, world.log, world.bell, &world.page);
  ASSERT_TRUE(role.open());
  work(role);
  EXPECT_EQ(role.machine().account(), (Account{.read = 3, .accepted = 2, .rejected = 1}));
  EXPECT_EQ(place_of(*role.take_left_out().first_rejected), "alpaca_trends:2");
  ASSERT_EQ(values(world, Topic::DeadLetters).size(), 1U);
  EXPECT_NE(values(world, Topic::DeadLetters)[0].find(R"("reason":"ahead_of_feed","field":"timestamp")"),
            std::string::npos)
      << values(world, Topic::DeadLetters)[0];
}

TEST(AnalyzeRole, TellsTheJumpThatMadeBarsLate) {
  AnalyzeWorld world;
  const auto bar = [](const std::string& timestamp) { return Record{.key = "A", .value = bar_at(timestamp)}; };
  world.append({bar("2026-01-05T14:30:00Z"), bar("2099-01-01T00:00:00Z")});
  AnalyzeRole role({}, world.log, world.bell, &world.page);
  ASSERT_TRUE(role.open());
  work(role);
  EXPECT_FALSE(role.take_left_out().jump) << "nothing is late behind it";
  EXPECT_FALSE(world.page.batches.back().jump);
  world.append({bar("2026-01-05T14:29:00Z"), bar("2026-01-05T14:31:00Z"), bar("2026-01-05T14:32:00Z")});
  work(role);
  const LeftOut left_out = role.take_left_out();
  EXPECT_EQ(left_out.late_count, 3);
  ASSERT_TRUE(left_out.jump);
  EXPECT_EQ(left_out.jump->source, "alpaca_trends");
  EXPECT_EQ(left_out.jump->position, 1);
  EXPECT_EQ(left_out.jump->symbol, "A");
  EXPECT_EQ(left_out.jump->bar, parse_timestamp("2099-01-01T00:00:00Z"));
  EXPECT_EQ(left_out.jump->from, parse_timestamp("2026-01-05T14:28:00Z"));
  EXPECT_EQ(left_out.jump->to, parse_timestamp("2098-12-31T23:58:00Z"));
  EXPECT_EQ(left_out.jump->late, 2) << "a bar that was old already before the jump may be late without it";
  ASSERT_TRUE(world.page.batches.back().jump);
  EXPECT_EQ(world.page.batches.back().jump->late, 2);
}

TEST(AnalyzeRole, KnowsTheJumpAfterARestartUntilTheWatermarkIsLowered) {
  AnalyzeWorld world;
  const auto bar = [](const std::string& timestamp) { return Record{.key = "A", .value = bar_at(timestamp)}; };
  world.append({bar("2026-01-05T14:30:00Z"), bar("2099-01-01T00:00:00Z"), bar("2026-01-05T14:31:00Z")});
  {
    AnalyzeRole role({}, world.log, world.bell, &world.page);
    ASSERT_TRUE(role.open());
    work(role);
  }
  AnalyzeRole role({}, world.log, world.bell, &world.page);
  ASSERT_TRUE(role.open());
  ASSERT_TRUE(world.page.batches.back().jump);
  EXPECT_EQ(world.page.batches.back().jump->late, 1);
  world.append({bar("2026-01-05T14:32:00Z")});
  work(role);
  EXPECT_EQ(world.page.batches.back().jump->late, 2) << "counted on";
  world.append({lower_watermark_record(*parse_timestamp("2026-01-05T14:28:00Z"), {})});
  work(role);
  EXPECT_FALSE(world.page.batches.back().jump);
  EXPECT_EQ(role.machine().watermark().time(), parse_timestamp("2026-01-05T14:28:00Z"));
}

TEST(AnalyzeRole, TellsThePageEveryFinalOnceItIsDurable) {
  AnalyzeWorld world;
  world.append(hostile_records(1, 300, 0));
  AnalyzeRole role({}, world.log, world.bell, &world.page);
  ASSERT_TRUE(role.open());
  work(role);
  EXPECT_EQ(world.page.finals, values(world, Topic::Trends));
  EXPECT_GT(world.page.finals.size(), 100U);
  EXPECT_EQ(world.page.batches.back().account, role.machine().account());
  EXPECT_TRUE(role.machine().account().adds_up());
  EXPECT_EQ(world.bell.rings, static_cast<int>(world.page.batches.size()) - 1) << "the store is rung after each commit";
}

TEST(AnalyzeRole, TellsANewPageHowAllOpenWindowsStand) {
  AnalyzeWorld world;
  std::vector<Record> records = hostile_records(1, 100, 0);
  records.pop_back();  // no end: windows stay open
  world.append(records);
  AnalyzeRole first({}, world.log, world.bell, &world.page);
  ASSERT_TRUE(first.open());
  work(first);
  // What the first page knows about open windows, from everything it received.
  std::map<std::pair<EventTime, std::string>, std::string> open;
  for (const LiveBatch& batch : world.page.batches) {
    for (const Trend& trend : batch.trends) {
      if (trend.status == TrendStatus::Final)
        open.erase({trend.window.end, trend.symbol});
      else
        open[{trend.window.end, trend.symbol}] = row(trend);
    }
  }
  ASSERT_GT(open.size(), 5U);

  SuspiciousPage page(world.log);
  AnalyzeRole second({}, world.log, world.bell, &page);
  ASSERT_TRUE(second.open());
  ASSERT_EQ(page.batches.size(), 1U);
  std::vector<std::string> told, right;
  for (const Trend& trend : page.batches[0].trends) told.push_back(row(trend));
  for (const auto& [window, text] : open) right.push_back(text);
  EXPECT_EQ(told, right);
  EXPECT_EQ(page.batches[0].account, first.machine().account());
  EXPECT_EQ(page.batches[0].watermark, first.machine().watermark().time());
}

TEST(AnalyzeRole, UpdatesAreRecordsBehindTheFinalsWhereOthersReadThem) {
  AnalyzeWorld world;
  world.append(hostile_records(1, 300, 0));
  AnalyzeRole page({}, world.log, world.bell, &world.page);
  ASSERT_TRUE(page.open());
  work(page);
  std::vector<std::string> told;
  for (const LiveBatch& batch : world.page.batches)
    for (const Trend& trend : batch.trends) told.push_back(row(trend));

  AnalyzeWorld fleet;
  fleet.append(hostile_records(1, 300, 0));
  AnalyzeRole role({.updates_are_records = true}, fleet.log, fleet.bell, nullptr);
  ASSERT_TRUE(role.open());
  work(role);
  EXPECT_EQ(values(fleet, Topic::Trends), told);
  EXPECT_GT(told.size(), world.page.finals.size()) << "and there are updates among them";
}

TEST(AnalyzeRole, OpenWindowsAreToldOnceNothingMoreIsWaiting) {
  AnalyzeWorld world(1'000'000);
  const std::vector<Record> bars = {
      {.value = R"({"symbol":"A","timestamp":"2026-11-22T12:00:00Z","open":1,"high":1,"low":1,"close":1,"volume":1})"},
      {.value = R"({"symbol":"A","timestamp":"2026-11-22T12:00:01Z","open":1,"high":1,"low":1,"close":1,"volume":1})"}};
  for (int i = 0; i < 4'096; ++i) world.append(bars);  // two full batches
  AnalyzeRole role({}, world.log, world.bell, &world.page);
  ASSERT_TRUE(role.open());
  work(role);
  ASSERT_EQ(world.page.batches.size(), 3U);
  EXPECT_TRUE(world.page.batches[1].trends.empty()) << "more is waiting";
  EXPECT_EQ(world.page.batches[2].trends.size(), 5U);
}

// In Kafka, the marker of a transaction takes an offset behind its records. A poll passes it only when it finds nothing.
class LogThatEndsInAMarker : public MemoryLog {
 public:
  using MemoryLog::MemoryLog;
  bool is_dense() const override { return false; }
  Result<Position> end(Topic of) override { return *MemoryLog::end(of) + 1; }
  Result<Batch> poll(Topic of, Position from, std::size_t limit) override {
    auto batch = MemoryLog::poll(of, from, limit);
    if (batch->empty()) batch->pass(*end(of));
    return batch;
  }
};

TEST(AnalyzeRole, OpenWindowsAreToldWhenOnlyAMarkerFollowsAFullBatch) {
  const std::vector<Record> bars = {
      {.value = R"({"symbol":"A","timestamp":"2026-11-22T12:00:00Z","open":1,"high":1,"low":1,"close":1,"volume":1})"},
      {.value = R"({"symbol":"A","timestamp":"2026-11-22T12:00:01Z","open":1,"high":1,"low":1,"close":1,"volume":1})"}};
  AnalyzeWorld world;
  LogThatEndsInAMarker log(world.fate);
  ASSERT_TRUE(log.append(bars, "feed", ""));
  AnalyzeRole role({.most_records = 2, .updates_are_records = true}, log, world.bell, &world.page);
  ASSERT_TRUE(role.open());
  work(role);
  EXPECT_EQ(log.topic(Topic::Trends).size(), 5U) << "a bar lies in five windows";
  EXPECT_EQ(world.page.batches.back().trends.size(), 5U);
  ASSERT_FALSE(log.topic(Topic::Trends).empty());
  EXPECT_EQ(log.topic(Topic::Trends)[0].ingested_at, log.topic(Topic::JudgedBars)[1].ingested_at);
  const std::size_t told = world.page.batches.size();
  work(role);
  EXPECT_EQ(world.page.batches.size(), told) << "once";
}

// The outputs of a full batch are memory for the next one: nothing of the longer one may be left.
TEST(AnalyzeRole, BatchesOfAnySizeWriteTheSame) {
  std::vector<Record> records;
  for (int i = 0; i < 200; ++i) {
    Record& record = records.emplace_back();
    record.ingested_at = event_time_from_nanos(i);
    if (i % 7 < 3)
      record.value = std::string(static_cast<std::size_t>(300 - i), 'x');
    else
      record.value = fmt::format(
          R"({{"symbol":"S{}","timestamp":"2026-01-05T14:{:02}:00Z","open":1,"high":2,"low":1,"close":2,"volume":{}}})",
          i % 5, i < 150 ? i / 5 : 1, i);
  }
  AnalyzeWorld whole, pieces;
  whole.append(records);
  pieces.append(records);
  AnalyzeRole at_once({.most_records = 1'000}, whole.log, whole.bell, nullptr);
  AnalyzeRole in_pieces({.most_records = 9}, pieces.log, pieces.bell, nullptr);
  for (AnalyzeRole* const role : {&at_once, &in_pieces}) {
    ASSERT_TRUE(role->open());
    work(*role);
  }
  for (const Topic topic : {Topic::Trends, Topic::JudgedBars, Topic::LateBars, Topic::DeadLetters}) {
    EXPECT_EQ(values(whole, topic), values(pieces, topic)) << to_string(topic);
    EXPECT_GT(values(whole, topic).size(), 5U) << to_string(topic);
    for (std::size_t i = 0; i < values(whole, topic).size(); ++i) {
      EXPECT_EQ(whole.log.topic(topic)[i].key, pieces.log.topic(topic)[i].key);
      EXPECT_EQ(whole.log.topic(topic)[i].ingested_at, pieces.log.topic(topic)[i].ingested_at);
    }
  }
}

TEST(AnalyzeRole, ARefusedCommitIsTriedAgainAsItWas) {
  AnalyzeWorld world;
  world.append(hostile_records(2, 300, 0));
  AnalyzeRole role({}, world.log, world.bell, &world.page);
  ASSERT_TRUE(role.open());
  world.fate.strike_at(3, Blow::Refuse);
  ASSERT_TRUE(role.do_work());
  ASSERT_TRUE(role.do_work());
  const std::size_t before = world.log.topic(Topic::JudgedBars).size(), told = world.page.batches.size();
  const auto refused = role.do_work();
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().is_retryable());
  EXPECT_EQ(world.log.topic(Topic::JudgedBars).size(), before);
  EXPECT_EQ(world.page.batches.size(), told) << "the page was told what is not durable";
  work(role);

  AnalyzeWorld undisturbed;
  undisturbed.append(hostile_records(2, 300, 0));
  AnalyzeRole other({}, undisturbed.log, undisturbed.bell, nullptr);
  ASSERT_TRUE(other.open());
  work(other);
  for (const Topic topic : {Topic::Trends, Topic::JudgedBars, Topic::LateBars, Topic::DeadLetters})
    EXPECT_EQ(values(world, topic), values(undisturbed, topic));
}

TEST(AnalyzeRole, LateBarsAndDeadLettersGoWhereTheyBelong) {
  AnalyzeWorld world;
  const std::string late =
      R"({"symbol":"A","timestamp":"2026-11-22T11:00:00Z","open":1,"high":1,"low":1,"close":1,"volume":1 })";
  world.append(
      {{.value = R"({"symbol":"A","timestamp":"2026-11-22T12:00:00Z","open":1,"high":1,"low":1,"close":1,"volume":1})"},
       {.value = " \t"},
       {.value = late},
       {.value = "no bar"}});
  AnalyzeRole role({}, world.log, world.bell, nullptr);
  ASSERT_TRUE(role.open());
  work(role);
  EXPECT_EQ(values(world, Topic::LateBars), std::vector<std::string>{late}) << "as it came";
  EXPECT_EQ(values(world, Topic::DeadLetters),
            std::vector<std::string>{
                R"({"reason":"bad_json","field":"","source":"alpaca_trends","position":3,"record":"no bar"})"});
  ASSERT_EQ(world.log.topic(Topic::JudgedBars).size(), 2U);
  EXPECT_NE(values(world, Topic::JudgedBars)[1].find(R"("verdict":"late","position":2})"), std::string::npos);
  EXPECT_EQ(role.machine().account(), (Account{.read = 3, .accepted = 1, .late = 1, .rejected = 1}));
}

TEST(AnalyzeRole, SnapshotsAreWrittenWhenTheyAreWorthIt) {
  AnalyzeWorld world(10);
  world.append(hostile_records(3, 200, 5'000));  // a megabyte
  AnalyzeRole role({}, world.log, world.bell, nullptr);
  ASSERT_TRUE(role.open());
  std::set<std::string> states;
  for (Result<std::size_t> done = 1; done != 0U; done = role.do_work()) {
    ASSERT_TRUE(done);
    if (const auto state = world.log.restore("analyze")->state) states.insert(*state);
  }
  EXPECT_GE(states.size(), 2U);
  EXPECT_LE(states.size(), 4U);

  // A start replays only what lies after the last snapshot.
  AnalyzeRole next({}, world.log, world.bell, nullptr);
  ASSERT_TRUE(next.open());
  EXPECT_EQ(next.machine().snapshot(), role.machine().snapshot());
  EXPECT_EQ(next.position(), role.position());
}

TEST(AnalyzeRole, ATrimmedLogStillHasWhatAStartReplays) {
  AnalyzeWorld world(10);
  world.append(hostile_records(3, 200, 5'000));
  AnalyzeRole role({}, world.log, world.bell, nullptr);
  ASSERT_TRUE(role.open());
  for (Result<std::size_t> done = 1; done != 0U; done = role.do_work()) {
    ASSERT_TRUE(done);
    while (world.log.begin(Topic::Bars).value() != world.log.trim(Topic::Bars, role.position()).value()) continue;
    AnalyzeRole next({}, world.log, world.bell, nullptr);
    const auto opened = next.open();
    ASSERT_TRUE(opened) << opened.error().message();
    ASSERT_EQ(next.machine().snapshot(), role.machine().snapshot());
  }
  EXPECT_GT(world.log.begin(Topic::Bars).value(), 0);
}

TEST(AnalyzeRole, ALogThatWasTrimmedTooFarIsRefusedWithASentence) {
  AnalyzeWorld world(10);
  world.append(hostile_records(3, 200, 0));
  AnalyzeRole role({}, world.log, world.bell, nullptr);
  ASSERT_TRUE(role.open());
  work(role);
  // As if it needed nothing before its position.
  ASSERT_TRUE(world.log.commit({.reader = "analyze", .needed = {{Topic::Bars, role.position()}}}));
  while (world.log.begin(Topic::Bars).value() != world.log.trim(Topic::Bars, role.position()).value()) continue;
  AnalyzeRole next({}, world.log, world.bell, nullptr);
  const auto opened = next.open();
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().message().find("has lost bars that were judged already"), std::string::npos)
      << opened.error().message();
}

TEST(AnalyzeRole, OtherWindowsThanTheDataHaveAreRefused) {
  AnalyzeWorld world;
  world.append(hostile_records(3, 200, 5'000));
  AnalyzeRole role({}, world.log, world.bell, nullptr);
  ASSERT_TRUE(role.open());
  work(role);
  AnalyzeRole other({.windows = {.size = 10min, .slide = 1min, .delay = 2min}}, world.log, world.bell, nullptr);
  const auto opened = other.open();
  ASSERT_FALSE(opened);
  EXPECT_TRUE(opened.error().is_setup());
  EXPECT_NE(opened.error().message().find("--size 10m"), std::string::npos);
}

TEST(AnalyzeRole, ADamagedStateIsRefusedWithASentence) {
  for (const std::string state : {"", "17", "x TMSN", "17 TMSN", " "}) {
    AnalyzeWorld world;
    ASSERT_TRUE(world.log.commit({.reader = "analyze", .positions = {{Topic::Bars, 0}}, .state = state}));
    AnalyzeRole role({}, world.log, world.bell, nullptr);
    const auto opened = role.open();
    ASSERT_FALSE(opened) << state;
    EXPECT_NE(opened.error().message().find("damaged"), std::string::npos) << opened.error().message();
    EXPECT_FALSE(opened.error().is_retryable());
  }
}

TEST(AnalyzeRole, ALogThatHasLostItsBarsIsRefusedWithASentence) {
  AnalyzeWorld world;
  world.append(hostile_records(1, 10, 0));
  ASSERT_TRUE(world.log.commit({.reader = "analyze", .positions = {{Topic::Bars, 500}}}));
  AnalyzeRole role({}, world.log, world.bell, nullptr);
  const auto opened = role.open();
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().message().find("ends at offset 11, before 500"), std::string::npos)
      << opened.error().message();
}

}  // namespace
}  // namespace tidemark
