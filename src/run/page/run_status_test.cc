// Speed, freshness and latencies: the numbers of the status line.
#include "run/page/run_status.h"

#include <gtest/gtest.h>

#include "core/time/timestamp.h"
#include "run/roles/worker_status.h"

namespace tidemark {
namespace {

using namespace std::chrono_literals;

const EventTime start = *parse_timestamp("2026-11-22T12:00:00Z");
const FeedStatus idle_feed{"replay", FeedState::Idle, "file \"a\"", std::nullopt};

LiveBatch accepted(std::int64_t bars, std::optional<EventTime> ingested_at) {
  return {.trends = {},
          .account = {.read = bars, .accepted = bars},
          .watermark = {},
          .event_time = {},
          .ingested_at = ingested_at};
}

std::string status(const RunStatus& run_status, EventTime now) {
  std::string out;
  run_status.append_status(idle_feed, 5, now, out);
  return out;
}

TEST(RunStatus, BeginsWithNothingKnown) {
  EXPECT_EQ(status(RunStatus("0.1.0", start), start + 2500ms),
            R"({"version":"0.1.0","feed":{"name":"replay","state":"idle","detail":"file \"a\"","speed":null},)"
            R"("watermark":null,"event_time":null,"session":null,)"
            R"("account":{"read":0,"accepted":0,"duplicate":0,"corrected":0,"late":0,"rejected":0},)"
            R"("bars_per_second":0.0,"last_bar_age_seconds":null,"symbols":5,)"
            R"("latency_ms":{"p50":null,"p99":null},"uptime_seconds":2.5,"watermark_jump":null,"lagging":null})");
}

TEST(RunStatus, TellsWhatIsBehindAndWhyUntilItIsNot) {
  RunStatus run_status("0.1.0", start);
  run_status.set_lagging("hive", "no metastore \"answers\"");
  run_status.set_lagging("copy", "late");
  EXPECT_TRUE(status(run_status, start).ends_with(R"(,"lagging":"copy: late; hive: no metastore \"answers\""})"));
  run_status.set_lagging("copy", "");
  EXPECT_EQ(run_status.lagging(), R"(hive: no metastore "answers")");
  run_status.set_lagging("hive", "");
  EXPECT_TRUE(status(run_status, start).ends_with(R"(,"lagging":null})"));
}

TEST(RunStatus, TellsTheSessionByTheClockOfTheMarket) {
  RunStatus run_status("0.1.0", start);
  LiveBatch batch = accepted(1, start);
  batch.event_time = *parse_timestamp("2026-11-20T15:00:00Z");  // Friday, 10:00 in New York
  run_status.committed(batch, start);
  EXPECT_EQ(run_status.session(idle_feed, start), Session::Regular) << "a replay: by its data";
  const FeedStatus in_real_time{"alpaca", FeedState::Idle, "", 1.0};
  EXPECT_EQ(run_status.session(in_real_time, start), Session::Closed) << "by the wall, on a Sunday";
}

TEST(RunStatus, TellsWhatWasCommitted) {
  RunStatus run_status("0.1.0", start);
  LiveBatch batch{.trends = {},
                  .account = {.read = 15, .accepted = 5, .duplicate = 4, .corrected = 3, .late = 2, .rejected = 1},
                  .watermark = *parse_timestamp("2026-11-22T10:03:00Z"),
                  .event_time = *parse_timestamp("2026-11-22T10:05:00.5Z"),
                  .ingested_at = start};
  run_status.committed(batch, start + 1s);
  run_status.pushed(start, start + 4ms);
  const std::string text = status(run_status, start + 3s);
  EXPECT_NE(text.find(R"("watermark":"2026-11-22T10:03:00Z","event_time":"2026-11-22T10:05:00.5Z","session":"closed")"),
            text.npos)
      << "a Sunday";
  EXPECT_NE(text.find(R"("account":{"read":15,"accepted":5,"duplicate":4,"corrected":3,"late":2,"rejected":1})"),
            text.npos);
  EXPECT_NE(text.find(R"("last_bar_age_seconds":2.0)"), text.npos);
  EXPECT_NE(text.find(R"("latency_ms":{"p50":4.000,"p99":4.000})"), text.npos);
}

TEST(RunStatus, TellsAJumpOfTheWatermark) {
  RunStatus run_status("0.1.0", start);
  LiveBatch batch = accepted(2, start);
  batch.jump = WatermarkJump{.source = "alpaca_trends",
                             .position = 7,
                             .symbol = "A",
                             .bar = *parse_timestamp("2099-01-01T00:02:00Z"),
                             .from = *parse_timestamp("2026-11-22T11:58:00Z"),
                             .to = *parse_timestamp("2099-01-01T00:00:00Z"),
                             .late = 3};
  const std::string told =
      R"("watermark_jump":{"bar":"2099-01-01T00:02:00Z","from":"2026-11-22T11:58:00Z","to":"2099-01-01T00:00:00Z","late":3},"lagging":null})";
  run_status.committed(batch, start);
  EXPECT_TRUE(status(run_status, start).ends_with(told)) << status(run_status, start);
  // A worker sends it to the page of another process, without its record.
  const auto read = parse_worker_status(write_worker_status(batch));
  ASSERT_TRUE(read && read->jump);
  EXPECT_EQ(read->account, batch.account);
  RunStatus elsewhere("0.1.0", start);
  elsewhere.restore(*read);
  EXPECT_TRUE(status(elsewhere, start).ends_with(told)) << status(elsewhere, start);
  EXPECT_FALSE(parse_worker_status(write_worker_status(accepted(2, start)))->jump);
}

TEST(RunStatus, MeasuresSpeedOverTheLastSeconds) {
  RunStatus run_status("0.1.0", start);
  run_status.restore(accepted(1'000'000, {}));  // records before the start are no speed
  run_status.beat(start);
  run_status.committed(accepted(1'000'100, start), start);
  run_status.beat(start + 1s);
  EXPECT_DOUBLE_EQ(run_status.bars_per_second(), 100);
  for (int second = 2; second <= 5; ++second) run_status.beat(start + second * 1s);
  EXPECT_DOUBLE_EQ(run_status.bars_per_second(), 20);  // 100 bars in five seconds
  for (int second = 6; second <= 8; ++second) run_status.beat(start + second * 1s);
  EXPECT_DOUBLE_EQ(run_status.bars_per_second(), 0);  // they are too long ago
}

TEST(RunStatus, TakesAFirstBatchWithoutArrivalsAsThePast) {
  RunStatus run_status("0.1.0", start);
  run_status.beat(start);
  run_status.committed(accepted(500, std::nullopt), start);
  run_status.beat(start + 1s);
  EXPECT_EQ(run_status.last_bar_age_seconds(start + 1s), std::nullopt);
  run_status.beat(start + 2s);
  EXPECT_DOUBLE_EQ(run_status.bars_per_second(), 0);
}

TEST(RunStatus, SurvivesAWallClockThatIsSetBack) {
  RunStatus run_status("0.1.0", start);
  run_status.committed(accepted(10, start), start);
  run_status.beat(start);
  run_status.beat(start - 1h);
  run_status.beat(start - 1h);
  run_status.pushed(start, start - 1h);
  EXPECT_EQ(run_status.last_bar_age_seconds(start - 1h), 0);
  EXPECT_EQ(run_status.uptime_seconds(start - 1h), 0);
  EXPECT_EQ(run_status.bars_per_second(), 0);
}

TEST(RecentWaits, ForgetsTheOldest) {
  RecentWaits waits;
  EXPECT_EQ(waits.quantile(0.5), std::nullopt);
  for (int i = 0; i < 1'024; ++i) waits.add(1ms);
  for (int i = 0; i < 600; ++i) waits.add(9ms);  // 600 of 1,024 are new, so the median is, too
  EXPECT_EQ(waits.quantile(0.5), 9ms);
  EXPECT_EQ(waits.quantile(0.0), 1ms);
}

TEST(RecentWaits, TakesTheNearestRank) {
  RecentWaits waits;
  for (int i = 100; i >= 1; --i) waits.add(i * 1ms);
  EXPECT_EQ(waits.quantile(0.99), 99ms);  // rank 0.99·99 = 98.01 → the 99th of 100
  EXPECT_EQ(waits.quantile(1.0), 100ms);
}

}  // namespace
}  // namespace tidemark
