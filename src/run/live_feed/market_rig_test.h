// What the feed's tests stand on: a market that is the same every time, a stream and a history of it that fail when told,
// and the finals that a machine makes of what a feed brings.
#pragma once

#include <fmt/format.h>

#include <map>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/pipeline/machine.h"
#include "core/signal/summary.h"
#include "core/simulator/random.h"
#include "core/time/timestamp.h"
#include "core/wire/encode.h"
#include "run/interfaces/clock.h"
#include "run/live_feed/live_feed.h"

namespace tidemark {

inline EventTime at(std::string_view text) { return *parse_timestamp(text); }

class TestMarket {
 public:
  std::vector<std::string> symbols{"AAPL", "MSFT", "THIN"};
  bool has_corrections = false;
  EventTime closed_from{}, closed_to{};  // nobody trades

  bool trades(const std::string& symbol, EventTime time) const {
    if (time >= closed_from && time < closed_to) return false;
    return symbol != "THIN" || draw(symbol, time).between(0, 9) == 0;
  }
  bool is_corrected(const std::string& symbol, EventTime time) const {
    return has_corrections && draw(symbol, time).between(0, 4) == 2;
  }
  // As it is once its correction has come, or as it was before.
  Record bar(const std::string& symbol, EventTime time, bool is_first) const {
    Random random = draw(symbol, time);
    const auto open = random.between(10'000, 20'000), close = open + random.between(-50, 50);
    const auto volume = random.between(100, 9'000) + (is_first && is_corrected(symbol, time) ? 1 : 0);
    return {.key = symbol,
            .value = fmt::format(R"({{"symbol":"{}","timestamp":"{}","open":{},"high":{},"low":{},"close":{},)"
                                 R"("volume":{},"vwap":{},"trade_count":7,"feed":"iex"}})",
                                 symbol, format_timestamp(time), open, std::max(open, close), std::min(open, close),
                                 close, volume, close)};
  }

 private:
  Random draw(const std::string& symbol, EventTime time) const {
    return Random(seed_of(static_cast<std::uint64_t>(nanos_since_epoch(time)), symbol));
  }
};

class TestClock : public Clock {
 public:
  explicit TestClock(EventTime now) : now_(now) {}
  EventTime now() const override { return now_; }
  void set(EventTime now) { now_ = now; }

 private:
  EventTime now_;
};

// Goes as another clock does, and shows something else.
class ShiftedClock : public Clock {
 public:
  ShiftedClock(const Clock& of, Duration by) : ahead(by), of_(of) {}
  EventTime now() const override { return of_.now() + ahead; }
  Duration ahead;

 private:
  const Clock& of_;
};

// The stream's server and its client in one. Minutes come 300 ms behind their end, corrections half a minute later.
class TestStream : public BarStream {
 public:
  explicit TestStream(const TestMarket& market) : market_(market) {}

  bool is_up = true;                 // connections are taken
  bool is_mute = false;              // the one that there is says nothing any more
  std::vector<StreamFault> answers;  // to the next connections, instead of taking them
  int begun = 0;

  void begin(std::vector<std::string> symbols) override {
    ++begun;
    events_.clear();
    symbols_ = std::move(symbols);
    is_mute = false;
    if (!answers.empty()) {
      events_.push_back({.kind = StreamEvent::Kind::Lost, .fault = answers.front()});
      answers.erase(answers.begin());
    } else if (!is_up) {
      events_.push_back({.kind = StreamEvent::Kind::Lost, .fault = {StreamCure::Reconnect, "nobody is there"}});
    } else {
      is_connected_ = true;
      events_.push_back({.kind = StreamEvent::Kind::Subscribed, .symbols = symbols_});
    }
  }
  void subscribe(std::vector<std::string> symbols) override { symbols_ = std::move(symbols); }
  void end() override {
    is_connected_ = false;
    events_.clear();
  }
  std::vector<StreamEvent> take() override { return std::exchange(events_, {}); }

  void cut() {
    if (!std::exchange(is_connected_, false)) return;
    events_.push_back({.kind = StreamEvent::Kind::Lost, .fault = {StreamCure::Reconnect, "cut"}});
  }
  void say(StreamEvent event) { events_.push_back(std::move(event)); }

  // What the market says between these two moments.
  void pass(EventTime from, EventTime to) {
    const EventTime minute = floor_to(to, std::chrono::minutes(1));
    if (is_between(minute + std::chrono::milliseconds(300), from, to)) send(minute - std::chrono::minutes(1), false);
    const EventTime updates = minute + std::chrono::milliseconds(30'200);
    if (is_between(updates, from, to)) send(minute - std::chrono::minutes(1), true);
  }

 private:
  static bool is_between(EventTime time, EventTime from, EventTime to) { return from < time && time <= to; }

  void send(EventTime minute, bool are_updates) {
    if (!is_connected_ || is_mute) return;
    StreamEvent event;
    for (const std::string& symbol : symbols_)
      if (market_.trades(symbol, minute) && (!are_updates || market_.is_corrected(symbol, minute)))
        event.bars.push_back(
            {.bar = {.time = minute, .record = market_.bar(symbol, minute, !are_updates), .is_bar = true},
             .is_update = are_updates});
    if (!event.bars.empty()) events_.push_back(std::move(event));
  }

  const TestMarket& market_;
  std::vector<std::string> symbols_;
  bool is_connected_ = false;
  std::vector<StreamEvent> events_;
};

class TestHistory : public HistorySlices {
 public:
  TestHistory(const TestMarket& market, const TestClock& clock, const Clock& steady)
      : market_(market), clock_(clock), steady_(steady) {}

  int fails = 0;            // so many of the next questions, in a way that may pass
  bool is_refused = false;  // all of them
  int refuses = 0;          // so many of the next ones, as if for good
  Duration takes = std::chrono::milliseconds(200);
  std::vector<std::pair<EventTime, EventTime>> asked;

  void ask(std::vector<std::string> symbols, EventTime from, EventTime to) override {
    asked.emplace_back(from, to);
    ready_at_ = clock_.now() + takes;
    bars_.clear();
    for (EventTime time = floor_to(from, std::chrono::minutes(1)); time < to; time += std::chrono::minutes(1))
      for (const std::string& symbol : symbols)
        if (time >= from && clock_.now() >= time + std::chrono::milliseconds(63'000) && market_.trades(symbol, time))
          bars_.push_back({.time = time,
                           .record = market_.bar(symbol, time, clock_.now() < time + std::chrono::seconds(90)),
                           .is_bar = true});
  }
  std::optional<Result<std::vector<FetchedBar>>> take() override {
    if (!ready_at_ || clock_.now() < *ready_at_) return std::nullopt;
    ready_at_.reset();
    say_date(takes);
    if (is_refused) return std::unexpected(Error::setup("the plan has no history"));
    if (refuses > 0) {
      --refuses;
      return std::unexpected(Error::setup("the plan has no history"));
    }
    if (fails > 0) {
      --fails;
      return std::unexpected(Error::retryable("history is away"));
    }
    return std::exchange(bars_, {});
  }
  // Written when it is asked, and under way for a while.
  void ask_clock() override {
    clock_said_ = clock_.now();
    clock_ready_at_ = clock_said_ + clock_takes;
  }
  std::optional<Result<ServerClock>> take_clock() override {
    if (!clock_ready_at_ || clock_.now() < *clock_ready_at_) return std::nullopt;
    clock_ready_at_.reset();
    say_date(clock_takes);
    return ServerClock{.shown = ShownTime{.market = clock_said_}};
  }
  Duration clock_takes{};
  SliceAccount account() const override { return told; }
  SliceAccount told;
  std::optional<EventTime> date_is;       // its Date, whatever the time; else
  std::optional<Duration> date_is_ahead;  // of the time; none: its answers have no Date

 private:
  void say_date(Duration took) {
    if (!date_is && !date_is_ahead) return;
    const EventTime date = date_is ? *date_is : floor_to(clock_.now() + *date_is_ahead, std::chrono::seconds(1));
    told.date = {.date = date, .asked = steady_.now() - took, .answered = steady_.now()};
  }

  const TestMarket& market_;
  const TestClock& clock_;
  const Clock& steady_;
  std::optional<EventTime> ready_at_, clock_ready_at_;
  EventTime clock_said_{};
  std::vector<FetchedBar> bars_;
};

class NoJournal : public Journal {
 public:
  void write(Level, std::string_view event, std::initializer_list<Field>) override { events.emplace(event); }
  std::multiset<std::string> events;
};

// Finals by symbol and start, as they are published; without the revision where corrections may be one record or two.
class Finals : public Effects {
 public:
  explicit Finals(WindowSpec spec = {}) : machine_(spec) {}
  void take(const Record& record) {
    if (record.kind == RecordKind::Heartbeat)
      machine_.heartbeat(record.time, *this);
    else
      machine_.apply(record.value, *this);
  }
  void judged(const Bar&, Verdict) override {}
  void rejected(const Reject&) override {}
  void closed(const WindowState& state) override {
    Trend trend;
    summarize(state, TrendStatus::Final, trend);
    if (!keeps_revisions) trend.revision = 0;
    std::string text;
    append_trend(trend, text);
    if (!texts.emplace(std::pair(trend.symbol, trend.window.start), text).second)
      throw std::runtime_error("a final came twice: " + text);
  }
  void changed(const WindowState&) override {}
  const Account& account() const { return machine_.account(); }

  std::map<std::pair<std::string, EventTime>, std::string> texts;
  bool keeps_revisions = true;

 private:
  Machine machine_;
};

class TestMeter : public FeedMeter {
 public:
  explicit TestMeter(FeedCounts& counts) : counts_(counts) {}
  void show(const FeedCounts& counts) override { counts_ = counts; }

 private:
  FeedCounts& counts_;
};

inline LiveSource test_source() {
  LiveSource source;
  source.name = "test";
  source.series = "iex";
  source.plan = "IEX, one exchange";
  source.calendar = &exchange_hours();
  source.backfill = "tidemark backfill";
  return source;
}

struct RigOptions {
  std::optional<std::uint64_t> max_retries;
  std::uint32_t jitter_seed = 1;
  bool has_own_clock = false;
};

// A feed over all of these, in steps of 100 ms, killed when told.
class FeedRig {
 public:
  explicit FeedRig(EventTime start, TestMarket of = {}, const RigOptions& options = {})
      : market(std::move(of)),
        clock(start),
        steady(clock, std::chrono::hours(7) - start.time_since_epoch()),
        source(test_source()),
        options_{.symbols = market.symbols,
                 .retry_delay = std::chrono::seconds(2),
                 .max_retries = options.max_retries,
                 .jitter_seed = options.jitter_seed} {
    source.has_own_clock = options.has_own_clock;
    restart();
  }

  void restart() {
    auto stream_of = std::make_unique<TestStream>(market);
    auto history_of = std::make_unique<TestHistory>(market, clock, steady);
    if (history != nullptr) history_of->date_is_ahead = history->date_is_ahead;
    if (stream != nullptr) stream_of->is_up = stream->is_up;
    stream = stream_of.get();
    history = history_of.get();
    feed = make_live_feed(source, options_, std::move(stream_of), std::move(history_of),
                          {.wall = wall, .steady = steady}, journal, std::make_unique<TestMeter>(counts));
    if (auto opened = feed->open(cursor); !opened) throw std::runtime_error(opened.error().message());
  }

  void run_to(EventTime end) {
    while (clock.now() < end && !error) {
      step();
      poll();
    }
  }

  // The market goes on, the feed stands still.
  void stall_to(EventTime end) {
    while (clock.now() < end) step();
  }

  void step() {
    const EventTime now = clock.now();
    clock.set(now + std::chrono::milliseconds(100));
    stream->pass(now + server_ahead, clock.now() + server_ahead);
  }

  void poll() {
    for (;;) {
      auto batch = feed->poll(limit);
      if (!batch) {
        error = batch.error();
        return;
      }
      if (!*batch) return;
      for (Record& record : (*batch)->records) {
        finals.take(record);
        records.push_back(std::move(record));
      }
      cursor = (*batch)->cursor;
    }
  }

  // Those of every minute from `from` on, as if nothing had ever failed, that have closed by `to`.
  Finals undisturbed(EventTime from, EventTime to) const {
    Finals expected;
    expected.keeps_revisions = finals.keeps_revisions;
    for (EventTime time = from; time < to; time += std::chrono::minutes(1)) {
      for (const std::string& symbol : market.symbols)
        if (market.trades(symbol, time)) expected.take(market.bar(symbol, time, false));
      expected.take({.kind = RecordKind::Heartbeat, .time = time + std::chrono::minutes(1)});
    }
    return expected;
  }

  std::vector<EventTime> heartbeats() const {
    std::vector<EventTime> times;
    for (const Record& record : records)
      if (record.kind == RecordKind::Heartbeat) times.push_back(record.time);
    return times;
  }

  TestMarket market;
  TestClock clock;               // the world's time
  ShiftedClock wall{clock, {}};  // what this machine shows of it …
  ShiftedClock steady;           // … and what it counts since it was switched on
  LiveSource source;
  NoJournal journal;
  FeedCounts counts;
  TestStream* stream = nullptr;
  TestHistory* history = nullptr;
  std::unique_ptr<Feed> feed;
  std::optional<std::string> cursor;
  std::vector<Record> records;
  Finals finals;
  std::optional<Error> error;
  std::size_t limit = 1'000;
  Duration server_ahead{};  // its clock, of ours

 private:
  LiveFeedOptions options_;
};

}  // namespace tidemark
