// The replay: one order, however it is interrupted, and a watchable pace.
#include "io/input/replay_feed.h"

#include <unistd.h>
#include <zlib.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>

#include "io/disk/temporary_folder_test.h"
#include "io/input/feed_rig_test.h"

namespace tidemark {
namespace {

using namespace std::chrono_literals;

constexpr EventTime wall = event_time_from_nanos(1'732'278'840'000'000'000);

// A bar of 2024-11-22 at the given time.
std::string bar(const std::string& symbol, const std::string& time) {
  return R"({"symbol":")" + symbol + R"(","timestamp":"2024-11-22T)" + time +
         R"(Z","open":1,"high":1,"low":1,"close":1,"volume":1})";
}

class ReplayFeedTest : public testing::Test {
 protected:
  void add_file(const std::string& name, const std::string& content) {
    const std::string path = folder_ + "/" + name;
    std::ofstream(path, std::ios::binary) << content;
    options_.files.push_back(path);
  }
  void add_packed_file(const std::string& name, const std::string& content) {
    const std::string path = folder_ + "/" + name;
    const gzFile file = gzopen(path.c_str(), "wb");
    gzwrite(file, content.data(), static_cast<unsigned>(content.size()));
    gzclose(file);
    options_.files.push_back(path);
  }
  // Three files whose merge is written out below.
  void add_three_files() {
    add_file("a.jsonl", "not json\n" + bar("A", "09:30:00") + "\n\n" + bar("A", "09:32:00") + "\r\nbad A\n" +
                            bar("A", "09:31:00") + "\n");
    add_packed_file("b.jsonl.gz", bar("B", "09:30:00") + "\nbad B\n" + R"({"heartbeat":"2024-11-22T09:31:30Z"})" +
                                      "\n" + bar("B", "09:33:00"));
    add_file("empty.jsonl", "\n \n");
    add_file("c.jsonl", bar("C", "09:29:00") + "\n" + bar("C", "09:32:00") + "\n");
  }

  MakeFeed maker() {
    return [this] { return make_replay_feed(options_, clock_); };
  }
  static std::vector<std::string> values(const std::vector<Brought>& records) {
    std::vector<std::string> all;
    for (const Brought& record : records) all.push_back(record.kind == RecordKind::End ? "END" : record.value);
    return all;
  }

  const TemporaryFolder own_;
  const std::string folder_ = own_.path().string();
  HandClock clock_{wall};
  ReplayFeedOptions options_;
};

TEST_F(ReplayFeedTest, MergesByTimeAndKeepsEachFilesOrder) {
  add_three_files();
  const std::vector<Brought> records = poll_all(*opened(maker(), std::nullopt));
  EXPECT_EQ(
      values(records),
      (std::vector<std::string>{"not json",                                  // before any time
                                bar("C", "09:29:00"), bar("A", "09:30:00"),  // same time: the first file first
                                bar("B", "09:30:00"), "bad B", R"({"heartbeat":"2024-11-22T09:31:30Z"})",
                                bar("A", "09:32:00"), "bad A", bar("A", "09:31:00"),  // late in its file, late here
                                bar("C", "09:32:00"), bar("B", "09:33:00"), "END"}));
  EXPECT_EQ(records[0].key, "");
  EXPECT_EQ(records[1].key, "C");
  EXPECT_EQ(records.back().kind, RecordKind::End);
}

TEST_F(ReplayFeedTest, ARestartAtEveryBorderAddsAndLosesNothing) {
  add_three_files();
  const std::vector<Brought> expected = poll_all(*opened(maker(), std::nullopt));
  for (const std::size_t limit : {1U, 2U, 3U, 5U, 100U})
    EXPECT_EQ(poll_all_with_restarts(maker(), limit), expected) << limit;
}

TEST_F(ReplayFeedTest, FindsItsPlaceInALongFileWithoutHoldingItsCaller) {
  std::string content;
  for (int number = 0; number < 120'000; ++number) content += "line " + std::to_string(number) + "\n";
  add_file("long.jsonl", content);
  const auto feed = opened(maker(), std::nullopt);
  const std::string cursor = must_poll(*feed, 110'000)->cursor;
  const auto reborn = opened(maker(), cursor);
  int silent = 0;
  std::optional<FeedBatch> batch;
  while (!(batch = must_poll(*reborn, 1)) && silent < 100) {
    ++silent;
    EXPECT_EQ(reborn->status().state, FeedState::Connecting);
  }
  EXPECT_EQ(silent, 2) << "50,000 records a poll, the last 10,000 together with the first new one";
  ASSERT_TRUE(batch);
  EXPECT_EQ(batch->records[0].value, "line 110000");
}

TEST_F(ReplayFeedTest, PacesByTheBarsOwnTime) {
  add_file("a.jsonl", bar("A", "09:30:00") + "\n" + bar("A", "09:31:00") + "\n?\n" + bar("A", "09:33:00") + "\n");
  options_.speed = 60.0;
  const auto feed = opened(maker(), std::nullopt);
  EXPECT_EQ(values(poll_all(*feed)), std::vector{bar("A", "09:30:00")});
  clock_.advance(999ms);
  EXPECT_TRUE(poll_all(*feed).empty());
  clock_.advance(1ms);
  EXPECT_EQ(values(poll_all(*feed)), (std::vector<std::string>{bar("A", "09:31:00"), "?"}));
  clock_.advance(1'999ms);
  EXPECT_TRUE(poll_all(*feed).empty());
  clock_.advance(1ms);
  EXPECT_EQ(values(poll_all(*feed)), (std::vector<std::string>{bar("A", "09:33:00"), "END"}));
  EXPECT_EQ(feed->status().state, FeedState::Ended);
}

TEST_F(ReplayFeedTest, DoesNotSleepThroughAClosedMarket) {
  add_file("a.jsonl", bar("A", "09:30:00") + "\n" + bar("A", "10:00:00") + "\n" + bar("A", "10:30:01") + "\n" +
                          bar("A", "10:30:02") + "\n");
  options_.speed = 1.0;
  const auto feed = opened(maker(), std::nullopt);
  EXPECT_EQ(poll_all(*feed).size(), 1U);
  clock_.advance(30min - 1ms);
  EXPECT_TRUE(poll_all(*feed).empty()) << "half an hour is waited for";
  clock_.advance(1ms);
  EXPECT_EQ(values(poll_all(*feed)), (std::vector<std::string>{bar("A", "10:00:00"), bar("A", "10:30:01")}))
      << "a second more is skipped";
  clock_.advance(999ms);
  EXPECT_TRUE(poll_all(*feed).empty()) << "and the pace goes on from there";
  clock_.advance(1ms);
  EXPECT_EQ(poll_all(*feed).size(), 2U);
}

TEST_F(ReplayFeedTest, ALateBarIsNoPauseAndHoldsNobodyUp) {
  add_file("a.jsonl", bar("A", "09:30:00") + "\n" + bar("A", "11:00:00") + "\n" + bar("A", "09:40:00") + "\n" +
                          bar("A", "11:01:00") + "\n");
  options_.speed = 1.0;
  const auto feed = opened(maker(), std::nullopt);
  EXPECT_EQ(poll_all(*feed).size(), 3U) << "the pause is skipped, and what is late is due at once";
  clock_.advance(1min - 1ms);
  EXPECT_TRUE(poll_all(*feed).empty());
  clock_.advance(1ms);
  EXPECT_EQ(values(poll_all(*feed)), (std::vector<std::string>{bar("A", "11:01:00"), "END"}));
}

TEST_F(ReplayFeedTest, APausedReplayGoesOnAtItsPace) {
  add_file("a.jsonl", bar("A", "09:30:00") + "\n" + bar("A", "09:31:00") + "\n" + bar("A", "09:32:00") + "\n");
  options_.speed = 60.0;
  const auto feed = opened(maker(), std::nullopt);
  const std::string cursor = must_poll(*feed, 10)->cursor;
  clock_.advance(10h);
  const auto reborn = opened(maker(), cursor);
  EXPECT_EQ(values(poll_all(*reborn)), std::vector{bar("A", "09:31:00")});
  clock_.advance(1s);
  EXPECT_EQ(values(poll_all(*reborn)), (std::vector<std::string>{bar("A", "09:32:00"), "END"}));
}

TEST_F(ReplayFeedTest, EndsOnceForAllRestarts) {
  add_file("a.jsonl", bar("A", "09:30:00"));
  const auto feed = opened(maker(), std::nullopt);
  const std::string cursor = must_poll(*feed, 10)->cursor;
  EXPECT_FALSE(must_poll(*feed, 10));
  const auto reborn = opened(maker(), cursor);
  EXPECT_FALSE(must_poll(*reborn, 10));
  EXPECT_EQ(reborn->status().state, FeedState::Ended);
  EXPECT_EQ(reborn->status().detail, "all 1 records brought");
}

// Two files, neither in order of time. The heartbeat has its own time; lines that are no bars follow their predecessor.
void add_unsorted(const std::function<void(const std::string&, const std::string&)>& add) {
  add("a.jsonl", "not json\n" + bar("A", "09:32:00") + "\n?\n" + bar("A", "09:30:00") + "\n");
  add("b.jsonl", bar("B", "09:32:00") + "\n" + R"({"heartbeat":"2024-11-22T09:31:00Z"})" + "\n" + bar("B", "09:29:00"));
}

TEST_F(ReplayFeedTest, SortsByTimeAndKeepsTheOrderOfOneTime) {
  add_unsorted([&](const std::string& name, const std::string& content) { add_file(name, content); });
  options_.sort = true;
  for (const std::uint64_t memory : {std::uint64_t{1}, std::uint64_t{512'000'000}}) {
    options_.sort_memory_bytes = memory;
    const std::vector<Brought> records = poll_all(*opened(maker(), std::nullopt));
    EXPECT_EQ(values(records), (std::vector<std::string>{"not json", bar("B", "09:29:00"), bar("A", "09:30:00"),
                                                         R"({"heartbeat":"2024-11-22T09:31:00Z"})",
                                                         bar("A", "09:32:00"), "?", bar("B", "09:32:00"), "END"}));
    EXPECT_EQ(records[1].key, "B");
    EXPECT_EQ(records[0].key, "");
  }
}

TEST_F(ReplayFeedTest, ASortedReplayGoesOnBehindEveryBorder) {
  add_unsorted([&](const std::string& name, const std::string& content) { add_file(name, content); });
  const std::string plain(maker()()->name());
  options_.sort = true;
  EXPECT_NE(maker()()->name(), plain) << "another order is another input";
  const std::vector<Brought> expected = poll_all(*opened(maker(), std::nullopt));
  for (const std::size_t limit : {1U, 2U, 3U, 100U})
    EXPECT_EQ(poll_all_with_restarts(maker(), limit), expected) << limit;
}

TEST_F(ReplayFeedTest, SortsInStepsThatHoldNobody) {
  std::string content;
  for (int number = 0; number < 120'000; ++number) content += "line " + std::to_string(number) + "\n";
  add_file("long.jsonl", content);
  options_.sort = true;
  const auto feed = opened(maker(), std::nullopt);
  int silent = 0;
  std::optional<FeedBatch> batch;
  while (!(batch = must_poll(*feed, 1)) && silent < 100) {
    ++silent;
    EXPECT_EQ(feed->status().detail, "sorting by time: " + std::to_string(50'000 * silent) + " records read");
  }
  EXPECT_EQ(silent, 2) << "50,000 records a poll, the last 20,000 together with the first that is brought";
  ASSERT_TRUE(batch);
  EXPECT_EQ(batch->records[0].value, "line 0");
}

TEST_F(ReplayFeedTest, BringsWhatOthersWroteAsItWasTranscribed) {
  add_file("a.jsonl", R"([{"T":"success"},{"T":"b","S":"A","t":"2024-11-22T09:30:00Z","o":1,"h":1,"l":1,"c":1,"v":1}])"
                      "\n"
                      R"([{"T":"b","S":"A","c":0}])"
                      "\n");
  const auto feed = opened(maker(), std::nullopt);
  const std::vector<Brought> records = poll_all(*feed);
  EXPECT_EQ(values(records),
            (std::vector<std::string>{
                R"({"symbol":"A","timestamp":"2024-11-22T09:30:00Z","open":1,"high":1,"low":1,"close":1,"volume":1})",
                R"({"symbol":"A","close":0})", "END"}));
  EXPECT_EQ(records[0].key, "A");
  EXPECT_EQ(feed->status().detail, "all 2 records brought, 1 messages skipped that are no bars");
  EXPECT_EQ(poll_all_with_restarts(maker(), 1), records);
}

TEST_F(ReplayFeedTest, AFileThatChangedIsRefused) {
  add_file("a.jsonl", bar("A", "09:30:00") + "\n");
  const std::string cursor = must_poll(*opened(maker(), std::nullopt), 1)->cursor;
  std::ofstream(options_.files[0], std::ios::app) << bar("A", "09:31:00") << "\n";
  const Result<void> open = maker()()->open(cursor);
  ASSERT_FALSE(open);
  EXPECT_TRUE(open.error().is_setup());
  EXPECT_TRUE(open.error().message().starts_with(options_.files[0] + " has changed")) << open.error().message();
}

TEST_F(ReplayFeedTest, DifferentInputsHaveDifferentNames) {
  options_.files = {"a", "b"};
  const std::string both(maker()()->name());
  EXPECT_EQ(maker()()->name(), both);
  EXPECT_TRUE(both.ends_with(" a and 1 more")) << both;
  options_.files = {"b", "a"};
  EXPECT_NE(maker()()->name(), both);
  options_.files = {"ab"};
  EXPECT_NE(maker()()->name(), both);
}

TEST_F(ReplayFeedTest, DamageIsToldAfterWhatCameBeforeIt) {
  std::string content;
  for (int number = 0; number < 50'000; ++number)
    content += bar("A", "09:30:00") + " " + std::to_string(number * 7919) + "\n";
  add_packed_file("a.jsonl.gz", content);
  std::filesystem::resize_file(options_.files[0], std::filesystem::file_size(options_.files[0]) / 2);
  const auto feed = opened(maker(), std::nullopt);
  std::size_t came = 0;
  for (;;) {
    const Result<std::optional<FeedBatch>> batch = feed->poll(1'000);
    if (!batch) {
      EXPECT_NE(batch.error().message().find("a.jsonl.gz is cut short"), std::string::npos) << batch.error().message();
      break;
    }
    ASSERT_TRUE(*batch);
    came += (*batch)->records.size();
  }
  EXPECT_GT(came, 10'000U);
}

TEST_F(ReplayFeedTest, AFileThatIsNotThereIsAnErrorOfTheSetUp) {
  options_.files = {folder_ + "/nowhere"};
  const Result<void> open = maker()()->open(std::nullopt);
  ASSERT_FALSE(open);
  EXPECT_TRUE(open.error().is_setup());
}

}  // namespace
}  // namespace tidemark
