// The simulated feed: when minutes are due, and that a restart adds and loses nothing.
#include "io/input/simulator_feed.h"

#include <chrono>
#include <variant>

#include "core/wire/decode.h"
#include "io/input/feed_rig_test.h"

namespace tidemark {
namespace {

using namespace std::chrono_literals;

constexpr EventTime minute_12_34 = event_time_from_nanos(1'732'278'840'000'000'000);  // 2024-11-22 12:34:00
constexpr EventTime start = minute_12_34 + 56s;

SimulatorFeedOptions two_symbols() { return {.symbols = {simulated_symbol("AAPL"), simulated_symbol("TSLA")}}; }

std::vector<EventTime> heartbeats(const std::vector<Brought>& records) {
  std::vector<EventTime> times;
  for (const Brought& record : records)
    if (record.kind == RecordKind::Heartbeat) times.push_back(record.time);
  return times;
}

struct Rig {
  explicit Rig(SimulatorFeedOptions with) : options(std::move(with)) {}
  std::unique_ptr<Feed> feed(std::optional<std::string> cursor = std::nullopt) {
    return opened([this] { return make_simulator_feed(options, clock); }, cursor);
  }
  HandClock clock{start};
  SimulatorFeedOptions options;
};

TEST(SimulatorFeed, LaysDownTwoHoursAtOnceThenAMinuteASecond) {
  Rig rig(two_symbols());
  const auto feed = rig.feed();
  const std::vector<Brought> past = poll_all(*feed);
  ASSERT_EQ(past.size(), 120U * 3);
  for (std::size_t minute = 0; minute < 120; ++minute) {
    const EventTime begin = minute_12_34 - 2h + minute * 1min;
    for (std::size_t symbol = 0; symbol < 2; ++symbol) {
      const Brought& record = past[3 * minute + symbol];
      Decoder decoder;
      const Decoded decoded = decoder.decode(record.value);
      const Bar* bar = std::get_if<Bar>(&decoded);
      ASSERT_NE(bar, nullptr) << record.value;
      EXPECT_EQ(bar->symbol, symbol == 0 ? "AAPL" : "TSLA");
      EXPECT_EQ(record.key, bar->symbol);
      EXPECT_EQ(bar->values.time, begin);
      EXPECT_EQ(bar->feed, "sim");
    }
    EXPECT_EQ(past[3 * minute + 2].kind, RecordKind::Heartbeat);
    EXPECT_EQ(past[3 * minute + 2].time, begin + 1min);
  }

  rig.clock.advance(999ms);
  EXPECT_TRUE(poll_all(*feed).empty());
  rig.clock.advance(1ms);
  EXPECT_EQ(heartbeats(poll_all(*feed)), std::vector{minute_12_34 + 1min});
  rig.clock.advance(3s);
  EXPECT_EQ(heartbeats(poll_all(*feed)), (std::vector{minute_12_34 + 2min, minute_12_34 + 3min, minute_12_34 + 4min}));
}

TEST(SimulatorFeed, AtSpeedOneItIsRealTime) {
  SimulatorFeedOptions options = two_symbols();
  options.speed = 1.0;
  Rig rig(options);
  const auto feed = rig.feed();
  EXPECT_EQ(heartbeats(poll_all(*feed)).back(), minute_12_34);
  rig.clock.advance(3'999ms);
  EXPECT_TRUE(poll_all(*feed).empty()) << "12:34:59.999";
  rig.clock.advance(1ms);
  EXPECT_EQ(heartbeats(poll_all(*feed)), std::vector{minute_12_34 + 1min});
}

TEST(SimulatorFeed, ARestartAtEveryBorderAddsAndLosesNothing) {
  Rig rig(two_symbols());
  const std::vector<Brought> expected = poll_all(*rig.feed());
  for (const std::size_t limit : {1U, 2U, 3U, 7U, 100U, 1000U}) {
    const auto make = [&] { return make_simulator_feed(rig.options, rig.clock); };
    EXPECT_EQ(poll_all_with_restarts(make, limit), expected) << limit;
  }
}

TEST(SimulatorFeed, ARestartInTheLivePartGoesOnToo) {
  Rig rig(two_symbols());
  const auto undisturbed = rig.feed();
  poll_all(*undisturbed);
  Rig other(two_symbols());
  std::vector<Brought> expected, pieced;
  std::optional<std::string> cursor;
  const auto first = other.feed();
  while (const auto batch = must_poll(*first, 1000)) cursor = batch->cursor;
  for (int second = 0; second < 20; ++second) {
    rig.clock.advance(1s);
    for (Brought& record : poll_all(*undisturbed)) expected.push_back(std::move(record));
    auto reborn = other.feed(cursor);
    other.clock.advance(1s);
    const std::size_t limit = 1 + static_cast<std::size_t>(second) % 3;  // killed in the middle of the minute
    const auto batch = must_poll(*reborn, limit);
    ASSERT_TRUE(batch);
    keep(pieced, *batch);
    cursor = batch->cursor;
    if (batch->records.size() < 3) {
      reborn = other.feed(cursor);
      const auto rest = must_poll(*reborn, 3 - batch->records.size());
      ASSERT_TRUE(rest) << "the rest of a minute is due at once";
      keep(pieced, *rest);
      cursor = rest->cursor;
    }
  }
  EXPECT_EQ(pieced, expected);
}

struct RestartCase {
  const char* when;
  double first_speed;
  Duration ran;   // before the kill
  Duration away;  // between kill and restart
  double then_speed;
  std::size_t at_once;  // minutes polled right after the restart
  Duration until_next;  // wall time until one more is due
};

constexpr RestartCase restart_cases[] = {
    {.when = "real time brings what was missed",
     .first_speed = 1,
     .ran = 4s,
     .away = 1h,
     .then_speed = 1,
     .at_once = 60,
     .until_next = 60s},
    {.when = "fast market continues",
     .first_speed = 60,
     .ran = 10s,
     .away = 1h,
     .then_speed = 60,
     .at_once = 0,
     .until_next = 1s},
    {.when = "another speed",
     .first_speed = 60,
     .ran = 10s,
     .away = 1h,
     .then_speed = 30,
     .at_once = 0,
     .until_next = 2s},
    {.when = "real time behind a market that ran ahead",
     .first_speed = 60,
     .ran = 9s,
     .away = 1min,
     .then_speed = 1,
     .at_once = 0,
     .until_next = 60s},
    {.when = "fast market after real time",
     .first_speed = 1,
     .ran = 4s,
     .away = 1h,
     .then_speed = 60,
     .at_once = 0,
     .until_next = 1s},
};

TEST(SimulatorFeed, ARestartKnowsWhatIsDue) {
  for (const RestartCase& test : restart_cases) {
    SCOPED_TRACE(test.when);
    SimulatorFeedOptions options = two_symbols();
    options.speed = test.first_speed;
    Rig rig(options);
    const auto feed = rig.feed();
    std::string cursor = must_poll(*feed, 1'000)->cursor;
    rig.clock.advance(test.ran);
    cursor = must_poll(*feed, 1'000)->cursor;
    rig.clock.advance(test.away);
    rig.options.speed = test.then_speed;
    const auto reborn = rig.feed(cursor);
    EXPECT_EQ(heartbeats(poll_all(*reborn)).size(), test.at_once);
    rig.clock.advance(test.until_next - 1ms);
    EXPECT_EQ(heartbeats(poll_all(*reborn)).size(), 0U);
    rig.clock.advance(1ms);
    EXPECT_EQ(heartbeats(poll_all(*reborn)).size(), 1U);
  }
}

TEST(SimulatorFeed, ALaptopThatSleptIsNotFloodedUnlessInRealTime) {
  Rig fast(two_symbols());
  const auto feed = fast.feed();
  poll_all(*feed);
  fast.clock.advance(8h);
  EXPECT_EQ(heartbeats(poll_all(*feed)).size(), 1U);

  SimulatorFeedOptions options = two_symbols();
  options.speed = 1.0;
  Rig real(options);
  const auto real_feed = real.feed();
  poll_all(*real_feed);
  real.clock.advance(8h);
  EXPECT_EQ(heartbeats(poll_all(*real_feed)).size(), 480U);
}

TEST(SimulatorFeed, WithoutASpeedThereIsAlwaysMore) {
  SimulatorFeedOptions options = two_symbols();
  options.speed = std::nullopt;
  Rig rig(options);
  const auto feed = rig.feed();
  for (int poll = 0; poll < 100; ++poll) EXPECT_EQ(must_poll(*feed, 100)->records.size(), 100U);
}

TEST(SimulatorFeed, OtherSymbolsBeginWithTheNextMinute) {
  Rig rig(two_symbols());
  const auto feed = rig.feed();
  const std::string in_a_minute = must_poll(*feed, 3 * 60 + 1)->cursor;
  rig.options.symbols = {simulated_symbol("TSLA"), simulated_symbol("MSFT"), simulated_symbol("X")};
  const std::vector<Brought> records = poll_all(*rig.feed(in_a_minute));
  ASSERT_EQ(records.size(), 2U + 59 * 4);
  EXPECT_EQ(records[0].key, "TSLA") << "the rest of the minute as it was begun";
  EXPECT_EQ(records[1].kind, RecordKind::Heartbeat);
  EXPECT_EQ(records[2].key, "TSLA");
  EXPECT_EQ(records[3].key, "MSFT");
  EXPECT_EQ(records[4].key, "X");
}

// The symbols of each minute, in the order of the feed; a heartbeat ends a minute.
std::vector<std::string> minutes_of(const std::vector<Brought>& records) {
  std::vector<std::string> minutes(1);
  for (const Brought& record : records) {
    if (record.kind == RecordKind::Heartbeat)
      minutes.emplace_back();
    else
      minutes.back() += record.key + ' ';
  }
  minutes.pop_back();
  return minutes;
}

TEST(SimulatorFeed, OtherSymbolsAreBroughtFromTheNextMinuteOn) {
  Rig rig(two_symbols());
  const auto feed = rig.feed();
  poll_all(*feed);
  rig.clock.advance(1s);
  std::vector<Brought> records;
  keep(records, *must_poll(*feed, 1));  // begins a minute
  feed->symbols()->bring({"TSLA", "NVDA", "AMD"});
  EXPECT_EQ(feed->status().detail, "3 symbols");
  rig.clock.advance(1s);
  for (Brought& record : poll_all(*feed)) records.push_back(std::move(record));
  feed->symbols()->bring({"TSLA"});  // between two minutes
  rig.clock.advance(1s);
  for (Brought& record : poll_all(*feed)) records.push_back(std::move(record));
  EXPECT_EQ(minutes_of(records), (std::vector<std::string>{"AAPL TSLA ", "TSLA NVDA AMD ", "TSLA "}));
}

// Chosen, made durable elsewhere, and killed: wherever the cursor is, a minute has either the old symbols or the new
// ones, and no minute is missing.
TEST(SimulatorFeed, AKillAfterAChangeOfSymbolsAddsAndLosesNothing) {
  for (const std::size_t brought : {0U, 1U, 2U, 3U, 4U, 5U}) {
    SCOPED_TRACE(brought);
    Rig rig(two_symbols());
    const auto feed = rig.feed();
    std::vector<Brought> records;
    std::string cursor;
    while (const auto batch = must_poll(*feed, 1'000)) cursor = batch->cursor;
    rig.clock.advance(2s);
    for (std::size_t each = 0; each < brought; ++each) {
      const auto batch = must_poll(*feed, 1);
      keep(records, *batch);
      cursor = batch->cursor;
    }
    feed->symbols()->bring({"NVDA"});
    (void)must_poll(*feed, 1);  // polled, then lost with the process
    rig.options.symbols = {simulated_symbol("NVDA")};
    const auto reborn = rig.feed(cursor);
    rig.clock.advance(2s);
    for (Brought& record : poll_all(*reborn)) records.push_back(std::move(record));
    const std::vector<std::string> minutes = minutes_of(records);
    const std::size_t old = (brought + 2) / 3;  // begun before the change
    ASSERT_GE(minutes.size(), old + 2);
    for (std::size_t minute = 0; minute < minutes.size(); ++minute)
      EXPECT_EQ(minutes[minute], minute < old ? "AAPL TSLA " : "NVDA ") << minute;
    std::vector<EventTime> expected;
    for (std::size_t minute = 0; minute < minutes.size(); ++minute)
      expected.push_back(minute_12_34 + (static_cast<int>(minute) + 1) * 1min);
    EXPECT_EQ(heartbeats(records), expected);
  }
}

TEST(SimulatorFeed, RefusesACursorItCannotRead) {
  Rig rig(two_symbols());
  const std::string good = must_poll(*rig.feed(), 4)->cursor;
  for (const std::string& cursor :
       {std::string(), std::string("simulator2 0 0 sim1 0 0"), std::string("simulator1 x 0 sim1 0 0"),
        std::string("simulator1 9 0 sim1 0 0"), good + " more"}) {
    const auto feed = make_simulator_feed(rig.options, rig.clock);
    const Result<void> open = feed->open(cursor);
    ASSERT_FALSE(open) << cursor;
    EXPECT_TRUE(open.error().is_setup());
  }
}

TEST(SimulatorFeed, TellsWhatItIs) {
  Rig rig(two_symbols());
  const auto feed = rig.feed();
  EXPECT_EQ(feed->name(), "simulator");
  EXPECT_EQ(feed->status().state, FeedState::Live);
  EXPECT_EQ(feed->status().speed, 60.0);
  EXPECT_EQ(feed->status().detail, "2 symbols");
}

}  // namespace
}  // namespace tidemark
