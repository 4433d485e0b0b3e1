#include "sim/clock_world.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/pipeline/machine.h"
#include "core/signal/summary.h"
#include "core/simulator/random.h"
#include "core/time/timestamp.h"
#include "core/wire/encode.h"
#include "io/alpaca/alpaca_feed.h"
#include "io/observe/metrics.h"
#include "sim/sim_clock.h"

namespace tidemark::sim {
namespace {

using namespace std::chrono_literals;

constexpr EventTime market_day = event_time_from_nanos(1'767'625'200'000'000'000);  // 2026-01-05T15:00:00Z, a Monday
constexpr EventTime market_opens =
    event_time_from_nanos(1'767'603'600'000'000'000);  // 09:00 of it: where a fresh feed begins
constexpr Duration at_rest = 4min;  // so far heartbeats may be behind when nothing has happened for long

// What some clock shows of the world's time.
class LyingClock final : public Clock {
 public:
  explicit LyingClock(const SimClock& world) : world_(world) {}
  EventTime now() const override { return world_.now() + ahead; }
  Duration ahead{};

 private:
  const SimClock& world_;
};

class Market {
 public:
  explicit Market(std::uint64_t seed) : seed_(seed) {}
  static constexpr std::array<const char*, 3> symbols{"AAPL", "MSFT", "THIN"};

  bool trades(std::string_view symbol, EventTime minute) const {
    return symbol != "THIN" || draw(symbol, minute).between(0, 9) == 0;
  }
  FetchedBar bar(std::string_view symbol, EventTime minute) const {
    Random random = draw(symbol, minute);
    const auto open = random.between(10'000, 20'000), close = open + random.between(-50, 50);
    return {.time = minute,
            .record = {.key = std::string(symbol),
                       .value = fmt::format(
                           R"({{"symbol":"{}","timestamp":"{}","open":{},"high":{},"low":{},"close":{},"volume":{}}})",
                           symbol, format_timestamp(minute), open, std::max(open, close), std::min(open, close), close,
                           random.between(1, 9'000))},
            .is_bar = true};
  }

 private:
  Random draw(std::string_view symbol, EventTime minute) const {
    return Random(seed_ ^ seed_of(static_cast<std::uint64_t>(nanos_since_epoch(minute)), symbol));
  }
  std::uint64_t seed_;
};

class Stream final : public BarStream {
 public:
  explicit Stream(const Market& market) : market_(market) {}
  void begin(std::vector<std::string> symbols) override {
    is_connected_ = true;
    events_ = {
        {.kind = StreamEvent::Kind::Subscribed, .bars = {}, .symbols = std::move(symbols), .text = {}, .fault = {}}};
  }
  void subscribe(std::vector<std::string> /*symbols*/) override {}
  void end() override { is_connected_ = false; }
  std::vector<StreamEvent> take() override { return std::exchange(events_, {}); }

  void cut() {
    if (!std::exchange(is_connected_, false)) return;
    events_.push_back({.kind = StreamEvent::Kind::Lost,
                       .bars = {},
                       .symbols = {},
                       .text = {},
                       .fault = {StreamCure::Reconnect, "cut"}});
  }
  void say(EventTime minute) {
    if (!is_connected_) return;
    StreamEvent event;
    for (const char* const symbol : Market::symbols)
      if (market_.trades(symbol, minute)) event.bars.push_back({.bar = market_.bar(symbol, minute)});
    events_.push_back(std::move(event));
  }

 private:
  const Market& market_;
  bool is_connected_ = false;
  std::vector<StreamEvent> events_;
};

class HonestHistory final : public HistorySlices {
 public:
  HonestHistory(const Market& market, const SimClock& world, const Clock& steady,
                const std::optional<Duration>& date_ahead)
      : market_(market), world_(world), steady_(steady), date_ahead_(date_ahead) {}

  void ask(std::vector<std::string> symbols, EventTime from, EventTime to) override {
    asked_ = steady_.now();
    bars_.emplace();
    for (EventTime time = floor_to(from, 1min); time < to && time + 63s <= world_.now(); time += 1min)
      for (const std::string& symbol : symbols)
        if (time >= from && market_.trades(symbol, time)) bars_->push_back(market_.bar(symbol, time));
  }
  std::optional<Result<std::vector<FetchedBar>>> take() override {
    if (!bars_ || steady_.now() < asked_ + answer_takes) return std::nullopt;
    say_date(asked_);
    return *std::exchange(bars_, std::nullopt);
  }
  void ask_clock() override { clock_asked_ = steady_.now(); }
  std::optional<Result<ServerClock>> take_clock() override {
    if (!clock_asked_ || steady_.now() < *clock_asked_ + answer_takes) return std::nullopt;
    say_date(*std::exchange(clock_asked_, std::nullopt));
    return ServerClock{};
  }
  SliceAccount account() const override { return account_; }

 private:
  static constexpr Duration answer_takes = 100ms;

  void say_date(EventTime asked) {
    if (date_ahead_)
      account_.date = {.date = floor_to(world_.now() + *date_ahead_, 1s), .asked = asked, .answered = steady_.now()};
  }

  const Market& market_;
  const SimClock& world_;
  const Clock& steady_;
  const std::optional<Duration>& date_ahead_;
  EventTime asked_{};
  std::optional<EventTime> clock_asked_;
  std::optional<std::vector<FetchedBar>> bars_;
  SliceAccount account_;
};

// Finals by symbol and start.
class Finals final : public Effects {
 public:
  void take(const Record& record) {
    if (record.kind == RecordKind::Heartbeat)
      machine_.heartbeat(record.time, *this);
    else
      machine_.apply(record.value, *this);
  }
  void judged(const Bar&, Verdict) override {}
  void rejected(const Reject&) override {}
  void changed(const WindowState&) override {}
  void closed(const WindowState& state) override {
    Trend trend;
    summarize(state, TrendStatus::Final, trend);
    append_trend(trend, texts[std::pair(trend.symbol, trend.window.start)]);
  }
  const Account& account() const { return machine_.account(); }
  std::map<std::pair<std::string, EventTime>, std::string> texts;

 private:
  Machine machine_{WindowSpec{}};
};

class NoJournal final : public Journal {
 public:
  explicit NoJournal(const Trace& trace) : trace_(trace) {}
  void write(Level, std::string_view event, std::initializer_list<Field> fields) override {
    if (!trace_) return;
    std::string text = "clocks: " + std::string(event);
    for (const Field& field : fields) text += fmt::format(" {}={}", field.name, field.value);
    trace_(text);
  }

 private:
  const Trace& trace_;
};

class ClockWorld {
 public:
  ClockWorld(std::uint64_t seed, const Trace& trace)
      : random_(seed_of(seed, "clocks")),
        market_(seed),
        journal_(trace),
        world_(market_day + 1s * random_.between(0, 59)) {
    steady_.ahead = 1h - world_.now().time_since_epoch();
    if (random_.between(0, 1) == 0) date_ahead_ = 0s;
    const auto liar = random_.between(0, 9);
    wall_lies_ = liar < 6;
    if (liar >= 6 && liar < 9) date_ahead_ = lie();
    // A wall that is wrong before anybody else has said the time can only be told by the server.
    if (wall_lies_ && date_ahead_ && random_.between(0, 2) == 0) wall_.ahead = lie();
  }

  WorldOutcome run() {
    WorldOutcome outcome;
    start();
    poll();  // the feed sees the wall clock as it is drawn; a jump before its first look is no jump
    const EventTime end = market_day + 1min * random_.between(20, 60);
    while (world_.now() < end) step();
    outcome.violation = judge();
    outcome.count.wall_lies = jumps_;
    outcome.count.clock_bars = finals_.account().read;
    return outcome;
  }

 private:
  Duration lie() {
    const Duration by = std::array<Duration, 6>{1s * random_.between(3, 90),
                                                1min * random_.between(2, 600),
                                                3h,
                                                24h * 40,
                                                24h * 365 * 20,
                                                24h * 365 * 170}[static_cast<std::size_t>(random_.between(0, 5))];
    // Before 1970 or behind 2262 no clock shows anything.
    return random_.between(0, 1) == 0 ? by : -std::min<Duration>(by, 24h * 365 * 50);
  }

  void start() {
    auto stream = std::make_unique<Stream>(market_);
    stream_ = stream.get();
    AlpacaFeedOptions options;
    options.symbols = {Market::symbols.begin(), Market::symbols.end()};
    options.retry_delay = 2s;
    options.jitter_seed = 1;
    feed_ = make_alpaca_feed(options, std::move(stream),
                             std::make_unique<HonestHistory>(market_, world_, steady_, date_ahead_),
                             {.wall = wall_, .steady = steady_}, journal_, metrics_);
    if (auto opened = feed_->open(cursor_); !opened) failed_ = opened.error().message();
  }

  void step() {
    const EventTime before = world_.now();
    world_.advance(1ms * random_.between(50, 400));
    const EventTime minute = floor_to(world_.now(), 1min);
    if (before < minute + said_after_ && world_.now() >= minute + said_after_) {
      stream_->say(minute - 1min);
      said_after_ = 1ms * random_.between(200, 2'500);
    }
    if (wall_lies_ && random_.between(0, 1'500) == 0) jump();
    if (random_.between(0, 4'000) == 0) stream_->cut();
    // A start under a wall that is wrong can only be told by the server.
    if (random_.between(0, 6'000) == 0 && (date_ahead_ || wall_.ahead == 0s)) start();
    poll();
  }

  void jump() {
    ++jumps_;
    wall_.ahead = random_.between(0, 1) == 0 ? Duration(0) : lie();
    journal_.write(Level::Info, "the wall clock jumps", {{"ahead", fmt::format("{} s", wall_.ahead / 1s)}});
  }

  void poll() {
    for (;;) {
      auto batch = feed_->poll(1'000);
      if (!batch) failed_ = batch.error().message();
      if (!batch || !*batch) return;
      for (const Record& record : (*batch)->records) {
        if (record.kind == RecordKind::Heartbeat) heartbeat_ = record.time;
        finals_.take(record);
      }
      cursor_ = (*batch)->cursor;
    }
  }

  std::string judge() {
    if (failed_) return "the feed: " + *failed_;
    const Account& account = finals_.account();
    if (account.late > 0) return fmt::format("{} bars are late because of a clock", account.late);
    if (account.rejected > 0) return fmt::format("{} bars are rejected because of a clock", account.rejected);
    if (heartbeat_ > world_.now()) return "a heartbeat is of the future: " + format_timestamp(heartbeat_);
    if (heartbeat_ < world_.now() - at_rest)
      return fmt::format("time stands still at {}, and it is {}", format_timestamp(heartbeat_),
                         format_timestamp(world_.now()));
    Finals right;
    for (EventTime minute = market_opens; minute < heartbeat_; minute += 1min) {
      for (const char* const symbol : Market::symbols)
        if (market_.trades(symbol, minute)) right.take(market_.bar(symbol, minute).record);
      right.take({.kind = RecordKind::Heartbeat, .time = minute + 1min});
    }
    if (right.texts.size() < 100) return "too little to compare";
    // A clock that was behind at first lets the feed begin on an earlier day: what it brings of that is right, too.
    std::erase_if(finals_.texts, [](const auto& final) { return final.first.second < market_opens; });
    std::erase_if(right.texts, [](const auto& final) { return final.first.second < market_opens; });
    for (const auto& [window, text] : right.texts)
      if (const auto found = finals_.texts.find(window); found == finals_.texts.end() || found->second != text)
        return fmt::format("a final is {}\n  and in a world whose clocks are right\n  {}",
                           found == finals_.texts.end() ? "missing" : found->second, text);
    if (finals_.texts.size() != right.texts.size()) return "there are finals of windows that nobody traded in";
    return "";
  }

  Random random_;
  Market market_;
  NoJournal journal_;
  SimClock world_;
  LyingClock wall_{world_}, steady_{world_};
  std::optional<Duration> date_ahead_;  // of the server's Date; none: it says none
  bool wall_lies_ = false;
  Metrics metrics_;
  Stream* stream_ = nullptr;
  std::unique_ptr<Feed> feed_;
  std::optional<std::string> cursor_, failed_;
  Finals finals_;
  EventTime heartbeat_{};
  Duration said_after_ = 300ms;
  std::int64_t jumps_ = 0;
};

}  // namespace

WorldOutcome run_clock_world(std::uint64_t seed, const Trace& trace) { return ClockWorld(seed, trace).run(); }

}  // namespace tidemark::sim
