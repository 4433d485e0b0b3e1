// The engine against the naive windows: thousands of hostile records under hundreds of seeds give the same verdicts,
// finals and updates in the same order, also when the engine is saved and restored in between.
#include "core/stream/window_engine.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "core/simulator/random.h"
#include "core/stream/naive_windows_test.h"
#include "core/stream/snapshot.h"

namespace tidemark {
namespace {

using namespace std::chrono_literals;

constexpr EventTime earliest_bar = event_time_from_nanos(-86'340'000'000'000);      // 1969-12-31T00:01:00Z
constexpr EventTime latest_bar = event_time_from_nanos(9'214'732'739'999'999'999);  // 2262-01-01T23:58:59.999999999Z

class Gather : public WindowSink {
 public:
  void window(const WindowState& state) override {
    NaiveState kept{std::string(state.symbol.text()), state.window, state.sums, state.feed};
    kept.sums.feed = 0;
    states.push_back(std::move(kept));
  }
  std::vector<NaiveState> states;
};

std::string saved(const WindowEngine& engine) {
  SnapshotWriter out;
  engine.save(out);
  return std::move(out).finish();
}

WindowEngine restored(const std::string& bytes, const WindowSpec& spec) {
  auto in = SnapshotReader::open(bytes);
  EXPECT_TRUE(in.has_value());
  WindowEngine engine(spec);
  const auto loaded = engine.load(*in);
  EXPECT_TRUE(loaded.has_value());
  return engine;
}

// A stream of records, more hostile than a market.
class Market {
 public:
  explicit Market(std::uint64_t seed) : random_(seed) {
    constexpr std::array<Duration, 5> slides{1s, 7s, 1min, 1h, 24h};
    spec.slide = pick(slides);
    spec.size = spec.slide * random_.between(1, spec.slide > 1h ? 5 : 12);
    if (seed % 50 == 0) spec.size = 1s * random_.between(500, 600), spec.slide = 1s;  // very many panes
    const std::array<Duration, 5> delays{0s, 1s, 120s, spec.slide * 3, spec.size * 2};
    spec.delay = pick(delays);
    const auto count = random_.between(1, random_.next() % 4 == 0 ? 200 : 8);
    for (std::int64_t i = 0; i < count; ++i) symbols_.push_back(name());
    std::sort(symbols_.begin(), symbols_.end());
    symbols_.erase(std::unique(symbols_.begin(), symbols_.end()), symbols_.end());
    many_feeds_ = random_.next() % 3 == 0;
    now_ = event_time_from_nanos(random_.next() % 4 == 0 ? -3'600'000'000'000 : 1'795'357'800'000'000'000);
  }

  struct Arrival {
    std::string symbol;
    NaiveBar bar;
  };

  Arrival next() {
    const std::uint64_t draw = random_.next() % 20;
    if (draw < 4 && !past_.empty()) {  // repeated, or corrected
      Arrival arrival = past_[pick_index(std::min<std::size_t>(past_.size(), 50))];
      if (draw < 2) change(arrival.bar);
      remember(arrival);
      return arrival;
    }
    if (draw == 4) now_ += spec.size * random_.between(1, 40) / 10;
    if (draw < 12) now_ += spec.slide * random_.between(0, 20) / 20;
    Arrival arrival{pick(symbols_), {}};
    BarValues& bar = arrival.bar.values;
    bar.time = now_;
    if (draw > 14) bar.time -= (spec.size + spec.delay) * random_.between(0, 120) / 100;
    bar.time = std::max(floor_to(bar.time, spec.slide / 4), earliest_bar);
    bar.open = any_price();
    bar.close = any_price();
    bar.low = std::min(bar.open, bar.close);
    bar.high = std::max(bar.open, bar.close);
    bar.volume = any_number();
    if (random_.next() % 3 != 0) bar.vwap = any_price();
    if (random_.next() % 3 != 0) bar.trade_count = OptionalCount{random_.between(0, 100)};
    bar.price_change = any_number();
    bar.pct_change = any_number();
    bar.direction = static_cast<Direction>(random_.next() % 3);
    arrival.bar.feed = any_feed();
    remember(arrival);
    return arrival;
  }

  EventTime heartbeat() { return now_ - spec.slide * random_.between(-10, 30) / 10; }
  std::uint64_t draw() { return random_.next(); }

  WindowSpec spec;

 private:
  template <typename Values>
  typename Values::value_type pick(const Values& values) {
    return values[static_cast<std::size_t>(random_.next() % values.size())];
  }
  std::size_t pick_index(std::size_t newest) { return past_.size() - 1 - random_.next() % newest; }

  std::string name() {
    std::string text;
    for (std::int64_t size = random_.next() % 5 == 0 ? 32 : random_.between(1, 9); size > 0; --size)
      text += static_cast<char>(random_.next() % 3 == 0 ? random_.between('!', '~') : 'A');
    return text;
  }
  // Pennies, the largest price, and values around 2^53, where the engine starts to sum in wider words.
  Price any_price() {
    const std::uint64_t draw = random_.next() % 20;
    if (draw == 0) return Price{9'223'372'036'854'775'806 - random_.between(0, 3)};
    if (draw < 3) return Price{(std::int64_t{1} << 53) - random_.between(-2, 2)};
    return Price{random_.between(1, random_.next() % 2 == 0 ? 5 : 1'000'000)};
  }
  Decimal any_number() {
    const Int128 sign = random_.next() % 2 == 0 ? 1 : -1;
    const std::uint64_t draw = random_.next() % 20;
    if (draw == 0) return Decimal{sign * random_.between(0, 1'000) << (random_.next() % 70)};
    if (draw < 3) return Decimal{sign * ((Int128{1} << 53) - random_.between(-2, 2))};
    return Decimal{sign * random_.between(0, 1'000'000)};
  }
  std::optional<std::string> any_feed() {
    if (many_feeds_ && random_.next() % 2 == 0) return "feed " + std::to_string(feeds_++);
    if (random_.next() % 8 == 0) return std::nullopt;
    return random_.next() % 8 == 0 ? "" : "sim";
  }
  // Changes a single field, so that every field has to be compared.
  void change(NaiveBar& bar) {
    switch (random_.next() % 7) {
      case 0:
        bar.values.close = any_price();
        break;
      case 1:
        bar.values.volume.nanos += 1;
        break;
      case 2:
        bar.values.vwap = bar.values.vwap.has_value() ? OptionalPrice{} : OptionalPrice(Price{-1});
        break;
      case 3:
        bar.values.pct_change.nanos -= 1;
        break;
      case 4:
        bar.values.direction = static_cast<Direction>((static_cast<int>(bar.values.direction) + 1) % 3);
        break;
      case 5:
        bar.values.trade_count = OptionalCount{random_.between(0, 3)};
        break;
      default:
        bar.feed = any_feed();
        break;
    }
  }
  void remember(const Arrival& arrival) {
    past_.push_back(arrival);
    if (past_.size() > 400) past_.erase(past_.begin(), past_.begin() + 200);
  }

  Random random_;
  std::vector<std::string> symbols_;
  std::vector<Arrival> past_;
  EventTime now_;
  bool many_feeds_ = false;
  int feeds_ = 0;
};

Bar view(const Market::Arrival& arrival) {
  Bar bar;
  bar.symbol = arrival.symbol;
  if (arrival.bar.feed) bar.feed = *arrival.bar.feed;
  bar.values = arrival.bar.values;
  return bar;
}

struct Seen {
  int late = 0, duplicate = 0, corrected = 0, finals = 0, updates = 0;
};

void expect_same(const std::vector<NaiveState>& found, const std::vector<NaiveState>& right) {
  ASSERT_EQ(found.size(), right.size());
  for (std::size_t i = 0; i < found.size(); ++i)
    ASSERT_TRUE(found[i] == right[i]) << i << ": " << found[i].symbol << ", should be " << right[i].symbol;
}

void live(std::uint64_t seed, int records, Seen& seen) {
  Market market(seed);
  WindowEngine engine(market.spec), undisturbed(market.spec);
  NaiveWindows naive(market.spec);
  const bool lowers = seed % 2 == 0;
  engine.track_changes();
  const auto observe = [&](EventTime time) {
    Gather closed, ignored;
    engine.observe(time, closed);
    undisturbed.observe(time, ignored);
    expect_same(closed.states, naive.observe(time));
    seen.finals += static_cast<int>(closed.states.size());
  };
  for (int record = 0; record < records; ++record) {
    const std::uint64_t draw = market.draw() % 100;
    if (draw < 3) observe(market.heartbeat());
    if (lowers && draw >= 60 && draw < 64) {
      if (draw == 60) observe(market.heartbeat() + market.spec.size * 3);  // from a wrong clock
      const EventTime to = market.heartbeat() - (draw == 61 ? market.spec.size * 3 : 0s);
      engine.lower_watermark(to);
      undisturbed.lower_watermark(to);
      naive.lower(to);
    }
    const Market::Arrival arrival = market.next();
    observe(arrival.bar.values.time);
    if (testing::Test::HasFatalFailure()) return;
    const Verdict verdict = engine.count(view(arrival));
    (void)undisturbed.count(view(arrival));
    ASSERT_EQ(verdict, naive.count(arrival.symbol, arrival.bar)) << "record " << record;
    seen.late += verdict == Verdict::Late ? 1 : 0;
    seen.duplicate += verdict == Verdict::Duplicate ? 1 : 0;
    seen.corrected += verdict == Verdict::Corrected ? 1 : 0;
    ASSERT_EQ(engine.open_symbols(), naive.open_symbols()) << "record " << record;
    if (draw >= 80) {
      Gather changed;
      engine.emit_changes(changed);
      expect_same(changed.states, naive.changes());
      if (testing::Test::HasFatalFailure()) return;
      seen.updates += static_cast<int>(changed.states.size());
      if (draw >= 97) {
        engine = restored(saved(engine), market.spec);
        engine.track_changes();
      }
      if (draw == 96) {
        Gather all;
        engine.mark_open_windows();
        engine.emit_changes(all);
        expect_same(all.states, naive.open());
      }
    }
  }
  ASSERT_EQ(saved(engine), saved(undisturbed)) << "the same history, but another snapshot";
  Gather closed;
  engine.close_all(closed);
  expect_same(closed.states, naive.close_all());
  EXPECT_EQ(engine.open_symbols(), 0U);
}

TEST(WindowEngine, GivesWhatTheContractSays) {
  Seen seen;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    live(seed, 400, seen);
    ASSERT_FALSE(HasFailure()) << "seed " << seed;
  }
  for (const int count : {seen.late, seen.duplicate, seen.corrected, seen.finals, seen.updates})
    EXPECT_GT(count, 3'000) << "hardly anything was compared";
}

// Long enough that feeds are forgotten many times, and panes become crowds.
TEST(WindowEngine, GivesItForLongToo) {
  Seen seen;
  for (std::uint64_t seed = 1'001; seed <= 1'006; ++seed) {
    live(seed, 6'000, seen);
    ASSERT_FALSE(HasFailure()) << "seed " << seed;
  }
}

Bar plain_bar(std::string_view symbol, EventTime time, std::int64_t close) {
  Bar bar;
  bar.symbol = symbol;
  bar.values.time = time;
  bar.values.open = bar.values.high = bar.values.low = bar.values.close = Price{close};
  return bar;
}

constexpr EventTime noon = event_time_from_nanos(1'795'348'800'000'000'000);  // 2026-11-22T12:00:00Z

Verdict take(WindowEngine& engine, const Bar& bar, Gather& closed) {
  engine.observe(bar.values.time, closed);
  return engine.count(bar);
}

TEST(WindowEngine, AWindowClosesWhenTheWatermarkReachesItsEnd) {
  WindowEngine engine({.size = 5min, .slide = 1min, .delay = 2min});
  Gather closed;
  EXPECT_EQ(take(engine, plain_bar("A", noon, 1), closed), Verdict::Accepted);
  engine.observe(noon + 3min - 1ns, closed);  // watermark 12:00:59.999999999; the first window ends at 12:01
  EXPECT_TRUE(closed.states.empty());
  engine.observe(noon + 3min, closed);
  ASSERT_EQ(closed.states.size(), 1U);
  EXPECT_EQ(closed.states[0].window.end, noon + 1min);
  engine.observe(noon, closed);
  EXPECT_EQ(closed.states.size(), 1U) << "the watermark went back";
  engine.observe(noon + 1h, closed);
  EXPECT_EQ(closed.states.size(), 5U);
  EXPECT_EQ(engine.open_symbols(), 0U);
}

// 3.2: by hand. A's windows that end by 12:04 have given finals, B's none.
TEST(WindowEngine, ALoweredWatermarkReopensWindowsThatGaveNoFinal) {
  WindowEngine engine({.size = 2min, .slide = 1min, .delay = 0s});
  Gather closed;
  EXPECT_EQ(take(engine, plain_bar("A", noon + 2min, 1), closed), Verdict::Accepted);
  engine.observe(noon + 3h, closed);
  ASSERT_EQ(closed.states.size(), 2U);
  EXPECT_EQ(closed.states[1].window.end, noon + 4min);
  EXPECT_EQ(engine.count(plain_bar("B", noon + 2min, 1)), Verdict::Late);

  engine.lower_watermark(noon + 1min);
  EXPECT_EQ(engine.watermark().time(), noon + 1min);
  EXPECT_EQ(engine.count(plain_bar("A", noon + 2min, 1)), Verdict::Late) << "its windows have given finals";
  EXPECT_EQ(engine.count(plain_bar("B", noon + 2min, 1)), Verdict::Accepted);
  EXPECT_EQ(engine.count(plain_bar("A", noon + 3min, 2)), Verdict::Accepted)
      << "counts in the window that ends at 12:05";
  closed.states.clear();
  engine.observe(noon + 1h, closed);
  ASSERT_EQ(closed.states.size(), 3U);
  EXPECT_EQ(closed.states[0].symbol, "B");
  EXPECT_EQ(closed.states[0].window.end, noon + 3min);
  EXPECT_EQ(closed.states[1].symbol, "B");
  EXPECT_EQ(closed.states[1].window.end, noon + 4min);
  EXPECT_EQ(closed.states[2].symbol, "A");
  EXPECT_EQ(closed.states[2].window.end, noon + 5min);
  EXPECT_EQ(closed.states[2].sums.bar_count, 1);
}

TEST(WindowEngine, AWatermarkIsNeverLoweredUpwards) {
  WindowEngine engine({.size = 1min, .slide = 1min, .delay = 0s});
  engine.lower_watermark(noon);
  EXPECT_EQ(engine.watermark().time(), std::nullopt) << "before the first record there is none to lower";
  Gather closed;
  engine.observe(noon, closed);
  engine.lower_watermark(noon + 1h);
  EXPECT_EQ(engine.watermark().time(), noon);
}

// Symbols that come once and never again: the memory for their finals is bounded, and what is forgotten stays closed.
TEST(WindowEngine, ForgetsSymbolsThatCameOnce) {
  const WindowSpec spec{.size = 1min, .slide = 1min, .delay = 0s};
  WindowEngine engine(spec);
  Gather closed;
  const auto come = [&](std::string_view prefix, std::size_t count, EventTime time) {
    for (std::size_t i = 0; i < count; ++i) engine.count(plain_bar(std::string(prefix) + std::to_string(i), time, 1));
    engine.observe(time + 1min, closed);
  };
  engine.observe(noon, closed);
  come("A", WindowEngine::most_idle_symbols, noon);
  const std::size_t full = saved(engine).size();
  come("B", 1, noon + 1min);
  EXPECT_LT(saved(engine).size(), full / 100);
  engine.lower_watermark(noon - 1h);
  EXPECT_EQ(engine.count(plain_bar("NEW", noon + 1min, 1)), Verdict::Late) << "no later than the latest end forgotten";
  EXPECT_EQ(engine.count(plain_bar("NEW", noon + 2min, 1)), Verdict::Accepted);
  EXPECT_EQ(saved(restored(saved(engine), spec)), saved(engine));
}

TEST(WindowEngine, ABarIsLateOnceItsLastWindowIsClosed) {
  WindowEngine engine({.size = 5min, .slide = 1min, .delay = 0s});
  Gather closed;
  engine.observe(noon + 5min - 1ns, closed);
  EXPECT_EQ(engine.count(plain_bar("A", noon, 1)), Verdict::Accepted);
  engine.observe(noon + 5min, closed);
  EXPECT_EQ(engine.count(plain_bar("B", noon, 1)), Verdict::Late);
  EXPECT_EQ(engine.count(plain_bar("A", noon, 1)), Verdict::Late) << "its identity is forgotten";
  EXPECT_EQ(engine.count(plain_bar("B", noon + 1ns, 1)), Verdict::Late);
  EXPECT_EQ(engine.count(plain_bar("B", noon + 1min, 1)), Verdict::Accepted);
  EXPECT_EQ(engine.open_symbols(), 1U) << "a late bar opens nothing";
}

TEST(WindowEngine, WindowsAreEmittedByEndThenSymbol) {
  WindowEngine engine({.size = 2min, .slide = 1min, .delay = 0s});
  Gather closed;
  for (const std::string_view symbol : {"b", "AAA", "A", "a", "AA", "~", "!"}) engine.count(plain_bar(symbol, noon, 1));
  engine.observe(noon + 1h, closed);
  std::vector<std::string> order;
  for (const NaiveState& state : closed.states) order.push_back(state.symbol);
  EXPECT_EQ(order,
            (std::vector<std::string>{"!", "A", "AA", "AAA", "a", "b", "~", "!", "A", "AA", "AAA", "a", "b", "~"}));
}

// Bars just small enough for sums in machine words, and more of them than such a sum can hold.
TEST(WindowEngine, SumsMoreBarsThanFitInAMachineWord) {
  constexpr std::int64_t large = (std::int64_t{1} << 53) - 1;
  constexpr int count = 1'100;  // 1024 of them reach 2^63
  WindowEngine engine({.size = 1s * count, .slide = 1s, .delay = 0s});
  Gather closed;
  for (int second = 0; second < count; ++second) {
    Bar bar = plain_bar("A", noon + 1s * second, large);
    bar.values.vwap = Price{large};
    bar.values.volume = bar.values.pct_change = Decimal{large};
    engine.count(bar);
  }
  engine.observe(noon + 1s * count, closed);
  ASSERT_EQ(closed.states.size(), static_cast<std::size_t>(count));
  const Sums& sums = closed.states.back().sums;  // the window that holds them all
  constexpr Int128 total = static_cast<Int128>(large) * count;
  EXPECT_EQ(sums.bar_count, count);
  EXPECT_TRUE(sums.close_sum == total);
  EXPECT_TRUE(sums.vwap_sum == total);
  EXPECT_TRUE(sums.volume_sum == total);
  EXPECT_TRUE(sums.pct_change_sum == Sum192(total));
  EXPECT_TRUE(sums.close_square_sum == Sum192(total * large));
}

// From the first moment of the contract's years to the last, with the widest windows and the longest delay.
TEST(WindowEngine, ReachesAcrossAllYears) {
  for (const WindowSpec spec :
       {WindowSpec{.size = 1s, .slide = 1s, .delay = 0s}, WindowSpec{.size = 2'160h, .slide = 24h, .delay = 0s},
        WindowSpec{.size = 2'160h, .slide = 2'160h, .delay = 0s},
        WindowSpec{.size = 2'160h, .slide = 2'160h, .delay = std::chrono::days(36'500)}}) {
    WindowEngine engine(spec);
    NaiveWindows naive(spec);
    Gather closed;
    std::vector<NaiveState> right;
    for (const EventTime time : {earliest_bar, latest_bar}) {
      const Bar bar = plain_bar("A", time, 1);
      EXPECT_EQ(take(engine, bar, closed), Verdict::Accepted);
      for (const NaiveState& state : naive.observe(time)) right.push_back(state);
      EXPECT_EQ(naive.count("A", {bar.values, {}}), Verdict::Accepted);
    }
    const std::string before_end = saved(engine);
    engine.close_all(closed);
    // One window for each bar and each slide of the size, by end.
    EXPECT_EQ(closed.states.size(), 2 * static_cast<std::size_t>(spec.size / spec.slide));
    EXPECT_TRUE(std::is_sorted(closed.states.begin(), closed.states.end(),
                               [](auto& a, auto& b) { return a.window.end < b.window.end; }));
    EXPECT_EQ(engine.open_symbols(), 0U);
    const std::size_t finals = closed.states.size();
    for (const EventTime time : {latest_bar - 1ms, earliest_bar, latest_bar}) {
      EXPECT_EQ(take(engine, plain_bar("A", time, 1), closed), Verdict::Late) << "what is closed stays closed";
      EXPECT_EQ(saved(restored(saved(engine), spec)), saved(engine));
    }
    EXPECT_EQ(closed.states.size(), finals);
    EXPECT_EQ(saved(restored(before_end, spec)), before_end);
  }
}

}  // namespace
}  // namespace tidemark
