// Rings against runs: an engine that keeps panes in rings where it can, and one that keeps them all in runs, make the same
// of a market that is mostly calm.
#include "core/stream/pane_ring.h"

#include <gtest/gtest.h>

#include <array>
#include <deque>
#include <string>
#include <vector>

#include "core/simulator/random.h"
#include "core/stream/snapshot.h"
#include "core/stream/window_engine.h"

namespace tidemark {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t dollar = 1'000'000'000, too_wide = std::int64_t{1} << 53;

// Keeps windows, whatever form they came in.
class Windows : public WindowSink {
 public:
  void window(const WindowState& state) override {
    kept.emplace_back(std::string(state.symbol.text()) + ' ' + state.feed.value_or("-") + ' ' +
                          std::to_string(nanos_since_epoch(state.window.start)) + ' ' +
                          std::to_string(nanos_since_epoch(state.window.end)),
                      state.sums);
    kept.back().second.feed = 0;  // a number of that engine
  }
  std::vector<std::pair<std::string, Sums>> kept;
};

// A bar a minute and symbol, some symbols a minute or two behind, and as often as asked something that no ring takes.
class CalmMarket {
 public:
  CalmMarket(std::uint64_t seed, std::uint64_t oddity) : random_(seed), oddity_(oddity) {}

  Bar next() {
    Bar bar;
    std::size_t symbol = next_++ % symbols.size();
    if (random_.next() % 20 == 0) symbol = next_++ % symbols.size();  // one has no bar
    if (symbol == 0) now_ += 1min;
    bar.symbol = symbols[symbol];
    bar.feed = "sip";
    bar.values = values(now_ - 1min * (symbol % 3));
    if (random_.next() % 1'000 < oddity_) make_odd(bar);
    past_.push_back(bar);
    if (past_.size() > 60) past_.pop_front();
    return bar;
  }
  EventTime now() const { return now_; }
  void pause() { now_ += 3h; }
  std::uint64_t draw() { return random_.next(); }

 private:
  static constexpr std::array<std::string_view, 9> symbols{
      "A", "AA", "B", "BRK.B", "BTC/USD", "C", "LONGER-THAN-A-WORD", "Z", "~"};

  BarValues values(EventTime time) {
    BarValues bar;
    bar.time = time;
    bar.open = Price{random_.between(1, 60'000) * dollar / 100};
    bar.close = Price{random_.between(1, 60'000) * dollar / 100};
    bar.low = std::min(bar.open, bar.close);
    bar.high = std::max(bar.open, bar.close);
    bar.volume = Decimal{random_.between(0, 300'000) * static_cast<Int128>(dollar)};
    if (random_.next() % 5 != 0) bar.vwap = Price{random_.between(-100, 600'000) * dollar / 1'000};
    if (random_.next() % 5 == 0) bar.trade_count = OptionalCount{random_.between(0, 100)};
    bar.price_change = Decimal{bar.close.nanos - bar.open.nanos};
    bar.pct_change = Decimal{random_.between(-90'000, 90'000) * 100'000};
    bar.direction = static_cast<Direction>(random_.next() % 3);
    return bar;
  }

  void make_odd(Bar& bar) {
    const std::uint64_t kind = random_.next() % 12;
    if (kind <= 2 && !past_.empty()) bar = past_[random_.next() % past_.size()];  // a duplicate …
    BarValues& values = bar.values;
    if (kind == 1) values.close.nanos += 1;  // … a correction
    if (kind == 2) values.direction = static_cast<Direction>((static_cast<int>(values.direction) + 1) % 3);
    if (kind == 3) values.time += 30s;  // a second bar of the pane
    if (kind == 4) values.close = Price{too_wide + random_.between(-1, 1)};
    if (kind == 5) values.volume = Decimal{static_cast<Int128>(1) << random_.between(50, 80)};
    if (kind == 6) values.pct_change = Decimal{-too_wide + random_.between(-1, 1)};
    if (kind == 7) values.vwap = Price{too_wide + random_.between(-1, 1)};
    if (kind == 8) bar.feed = random_.next() % 2 == 0 ? std::optional<std::string_view>("iex") : std::nullopt;
    if (kind == 9)
      values.close = Price{random_.between(1, dollar)}, values.volume = Decimal{random_.between(1, dollar)};
    if (kind == 10) values.time += 1min * random_.between(-9, 3);
    if (kind == 11) values.price_change = Decimal{static_cast<Int128>(1) << 70};
  }

  Random random_;
  std::uint64_t oddity_;
  std::size_t next_ = 0;
  EventTime now_ = event_time_from_nanos(1'795'357'800'000'000'000);
  std::deque<Bar> past_;
};

std::string bytes_of(const WindowEngine& engine) {
  SnapshotWriter out;
  engine.save(out);
  return std::move(out).finish();
}

struct Compared {
  std::size_t windows = 0, in_rings = 0, in_runs = 0;
};

// The same records to both. One of them is saved and restored now and then.
void compare_engines(std::uint64_t seed, const WindowSpec& spec, Compared& compared) {
  CalmMarket market(seed, std::array<std::uint64_t, 4>{0, 5, 50, 500}[seed % 4]);
  WindowEngine rings(spec), runs(spec, 0);
  const auto expect_same = [&](auto take) {
    Windows of_rings, of_runs;
    take(rings, of_rings);
    take(runs, of_runs);
    ASSERT_TRUE(of_rings.kept == of_runs.kept) << "seed " << seed;
    compared.windows += of_runs.kept.size();
  };
  for (WindowEngine* const engine : {&rings, &runs}) engine->track_changes();
  for (int record = 0; record < 2'000; ++record) {
    const Bar bar = market.next();
    const std::uint64_t draw = market.draw() % 1'000;
    expect_same([&](WindowEngine& engine, WindowSink& closed) { engine.observe(bar.values.time, closed); });
    ASSERT_EQ(rings.count(bar), runs.count(bar)) << "seed " << seed << ", record " << record;
    if (draw < 100) expect_same([](WindowEngine& engine, WindowSink& changed) { engine.emit_changes(changed); });
    if (draw == 100 && seed % 3 == 0)
      for (WindowEngine* const engine : {&rings, &runs}) engine->lower_watermark(market.now() - 7min);
    if (draw == 101) market.pause();
    if (draw > 101 && draw < 110) {
      const std::string bytes = bytes_of(rings);
      ASSERT_EQ(bytes, bytes_of(runs)) << "seed " << seed << ", record " << record;
      auto in = SnapshotReader::open(bytes);
      rings = WindowEngine(spec);
      ASSERT_TRUE(rings.load(*in));
      rings.track_changes();
      ASSERT_EQ(bytes_of(rings), bytes) << "seed " << seed << ", record " << record;
      for (WindowEngine* const engine : {&rings, &runs}) engine->mark_open_windows();
    }
    if (testing::Test::HasFatalFailure()) return;
    ASSERT_EQ(runs.open_symbols_in_runs(), runs.open_symbols());
    compared.in_runs += rings.open_symbols_in_runs();
    compared.in_rings += rings.open_symbols() - rings.open_symbols_in_runs();
  }
  expect_same([](WindowEngine& engine, WindowSink& closed) { engine.close_all(closed); });
}

TEST(PaneRings, ChangeNothingButTheSpeed) {
  Compared compared;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    compare_engines(seed, {}, compared);
    compare_engines(seed, {.size = 1min, .slide = 1min, .delay = 0s}, compared);
    compare_engines(seed, {.size = 29min, .slide = 1min, .delay = 2min}, compared);
    compare_engines(seed, {.size = 10min, .slide = 2min, .delay = 90s}, compared);
    ASSERT_FALSE(HasFailure()) << "seed " << seed;
  }
  EXPECT_GT(compared.windows, 400'000U);
  for (const std::size_t symbols : {compared.in_rings, compared.in_runs})
    EXPECT_GT(symbols, 1'000'000U) << "one of both ways was hardly compared";
}

// By hand: a minute market lies in rings; what is unusual goes to a run and comes back once its pane is gone.
TEST(PaneRings, TakeAMarketBackWhenItIsCalmAgain) {
  WindowEngine engine(WindowSpec{});
  Windows closed;
  const EventTime noon = event_time_from_nanos(1'795'348'800'000'000'000);
  const auto take = [&](EventTime time, std::int64_t close) {
    Bar bar;
    bar.symbol = "A";
    bar.values.time = time;
    bar.values.open = bar.values.high = bar.values.low = bar.values.close = Price{close};
    engine.observe(time, closed);
    return engine.count(bar);
  };
  EXPECT_EQ(take(noon, 1), Verdict::Accepted);
  EXPECT_EQ(take(noon, 1), Verdict::Duplicate);
  EXPECT_EQ(engine.open_symbols_in_runs(), 0U);
  EXPECT_EQ(take(noon, 2), Verdict::Corrected);
  EXPECT_EQ(engine.open_symbols_in_runs(), 1U);
  for (int minute = 1; minute <= 6; ++minute) EXPECT_EQ(take(noon + 1min * minute, 1), Verdict::Accepted);
  EXPECT_EQ(engine.open_symbols_in_runs(), 1U) << "the corrected pane is in the window that ends at 12:05";
  EXPECT_EQ(take(noon + 7min, 1), Verdict::Accepted);
  EXPECT_EQ(engine.open_symbols_in_runs(), 0U);
  ASSERT_EQ(closed.kept.size(), 5U);
  EXPECT_EQ(closed.kept.back().second.revision, 6) << "five bars, one of them corrected";
}

}  // namespace
}  // namespace tidemark
