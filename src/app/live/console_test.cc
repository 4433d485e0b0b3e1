// The console: every row reaches a pipe, and nothing waits for a reader.
#include "app/live/console.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <string>
#include <vector>

#include "app/config/run_options.h"
#include "app/live/console_row.h"
#include "core/wire/encode.h"

namespace tidemark {
namespace {

using namespace std::chrono_literals;

class Kept : public Journal {
 public:
  void write(Level, std::string_view event, std::initializer_list<Field> fields) override {
    const std::lock_guard lock(mutex);
    events.emplace_back(event);
    for (const Field& field : fields)
      if (field.name == "rows_left_out") rows_left_out += std::stoull(field.value);
  }
  std::mutex mutex;
  std::vector<std::string> events;
  std::uint64_t rows_left_out = 0;
};

class CountingSink : public LiveSink {
 public:
  void committed(LiveBatch batch) override { rows += batch.trends.size(); }
  std::size_t rows = 0;
};

Trend trend(const std::string& symbol, TrendStatus status) {
  Trend trend;
  trend.symbol = symbol;
  trend.status = status;
  trend.bar_count = 1;
  return trend;
}
std::string json_of(const Trend& trend) {
  std::string out;
  append_trend(trend, out);
  return out + '\n';
}

class ConsoleTest : public testing::Test {
 protected:
  ConsoleTest() {
    std::signal(SIGPIPE, SIG_IGN);
    EXPECT_EQ(pipe(ends_.data()), 0);
  }
  ~ConsoleTest() override {
    close_reader();
    ::close(ends_[1]);
  }
  void close_reader() {
    if (ends_[0] >= 0) ::close(std::exchange(ends_[0], -1));
  }
  std::string read_all() {
    ::close(std::exchange(ends_[1], ::open("/dev/null", O_WRONLY)));
    std::string all;
    std::array<char, 4096> room;
    for (ssize_t got; (got = ::read(ends_[0], room.data(), room.size())) > 0;)
      all.append(room.data(), static_cast<std::size_t>(got));
    return all;
  }
  ConsoleOptions options(ConsoleFormat format = ConsoleFormat::Json) {
    return {.format = format, .descriptor = ends_[1], .time_to_finish = 50ms};
  }

  std::array<int, 2> ends_{};
  Kept journal_;
};

TEST_F(ConsoleTest, WritesFinalsAsTheContractDoesAndPassesAllOn) {
  const Trend final = trend("A", TrendStatus::Final), update = trend("B", TrendStatus::Update);
  CountingSink next;
  Console console(options(), journal_, &next);
  console.committed({.trends = {final, update}});
  console.committed({.trends = {update, final}});
  console.finish();
  EXPECT_EQ(read_all(), json_of(final) + json_of(final));
  EXPECT_EQ(next.rows, 4U);
  EXPECT_TRUE(journal_.events.empty());
}

TEST_F(ConsoleTest, WritesUpdatesWhereTheyAreAskedFor) {
  auto wanted = options();
  wanted.updates = true;
  const Trend update = trend("B", TrendStatus::Update);
  Console console(wanted, journal_, nullptr);
  console.committed({.trends = {update}});
  console.finish();
  EXPECT_EQ(read_all(), json_of(update));
}

TEST_F(ConsoleTest, ARowOfTheTableHasTheDigitsOfTheContract) {
  Console console(options(ConsoleFormat::Table), journal_, nullptr);
  console.committed({.trends = {trend("BRK.B", TrendStatus::Final)}});
  console.finish();
  const std::string text = read_all();
  EXPECT_TRUE(text.starts_with(console_heading() + "\n")) << text;
  EXPECT_NE(text.find("1970-01-01 00:00:00  BRK.B"), std::string::npos) << text;
  EXPECT_EQ(text.find('\x1b'), std::string::npos) << "no colour in a pipe";
}

TEST_F(ConsoleTest, AReaderThatNeverReadsHoldsNobody) {
  auto bounded = options();
  bounded.most_waiting_bytes = 20'000;
  constexpr std::size_t count = 2'000;
  {
    Console console(bounded, journal_, nullptr);
    for (std::size_t i = 0; i < count; ++i) console.committed({.trends = {trend("A", TrendStatus::Final)}});
  }
  const std::string text = read_all();
  const auto written = static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
  EXPECT_GT(journal_.rows_left_out, 0U);
  // The row whose end did not fit into the pipe is counted as left out.
  EXPECT_EQ(written + journal_.rows_left_out, count);
}

TEST_F(ConsoleTest, AReaderThatHasGoneEndsTheConsoleAlone) {
  close_reader();
  CountingSink next;
  Console console(options(), journal_, &next);
  console.committed({.trends = {trend("A", TrendStatus::Final)}});
  console.finish();
  console.committed({.trends = {trend("A", TrendStatus::Final)}});
  EXPECT_EQ(journal_.events, std::vector<std::string>{"console.closed"});
  EXPECT_EQ(next.rows, 2U);
}

TEST(ConsoleRow, PaintsTheSignalAndSaysNothingOfNulls) {
  const std::string json =
      R"({"symbol":"A","window_start":"x","window_end":"2026-01-05 14:35:00","avg_close":1.5000,"volatility":null,"bar_count":5,"trend_signal":"BULLISH","status":"final"})";
  std::string plain, painted;
  append_console_row(json, Colour::No, plain);
  append_console_row(json, Colour::Yes, painted);
  // Columns of 19, 10, 7, 14, 9, 12, 12, 14 and 5, two spaces between them; numbers stand on the right.
  EXPECT_EQ(plain, "2026-01-05 14:35:00  A           BULLISH  " + std::string(8, ' ') + "1.5000" + "  " +
                       std::string(9, ' ') + "  " + std::string(12, ' ') + "  " + std::string(11, ' ') + "-  " +
                       std::string(14, ' ') + "  " + "    5");
  EXPECT_NE(painted.find("\x1b[32mBULLISH\x1b[0m"), std::string::npos);
  EXPECT_LT(plain.size(), painted.size());
}

}  // namespace
}  // namespace tidemark
