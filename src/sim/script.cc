#include "sim/script.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/simulator/random.h"
#include "core/time/timestamp.h"
#include "sim/naive_text.h"

namespace tidemark::sim {
namespace {

using namespace std::chrono_literals;
using Meaning = Line::Meaning;

struct NoBar {
  std::string_view text, reason, field;
};
// By hand from the contract's clauses 1 and 2.
constexpr std::array no_bars{
    NoBar{"no bar", "bad_json", ""},
    NoBar{"{\"symbol\":\"A\"", "bad_json", ""},
    NoBar{"\xff\xfe", "bad_json", ""},
    NoBar{"[1,2]", "not_an_object", ""},
    NoBar{R"({"a":1,"a":2})", "duplicate_key", ""},
    NoBar{R"({"symbol":"A"})", "missing", "timestamp"},
    NoBar{R"({"heartbeat":"yesterday"})", "bad_timestamp", "heartbeat"},
    NoBar{R"({"symbol":"A","timestamp":"2026-11-22T12:00:00Z","open":1,"high":1,"low":2,"close":1,"volume":1})",
          "high_below_low", "high"},
    NoBar{R"({"symbol":"A","timestamp":"2026-11-22T12:00:00Z","open":0,"high":1,"low":1,"close":1,"volume":1})",
          "not_positive", "open"},
};

constexpr std::array specs{
    WindowSpec{.size = 5min, .slide = 1min, .delay = 2min},
    WindowSpec{.size = 1min, .slide = 1min, .delay = 0s},
    WindowSpec{.size = 120s, .slide = 30s, .delay = 30s},
    WindowSpec{.size = 10min, .slide = 5min, .delay = 1min},
};

class Author {
 public:
  explicit Author(std::uint64_t seed) : random_(seed), healing_(seed_of(seed, "healing")) {
    heals_ = healing_.between(0, 2) == 0;
    script_.windows = specs[random_.between(0, specs.size() - 1)];
    symbols_ = random_.between(1, 6);
    step_seconds_ = random_.between(1, 60);
    padding_ = random_.between(0, 3) == 0 ? random_.between(2'000, 12'000) : 0;
    // Some minutes before a midnight, so that windows and days end at once.
    now_ = event_time_from_nanos(1'795'391'700'000'000'000) - 1s * random_.between(0, 3'000);
  }

  Script write(std::size_t most_lines) {
    const auto count = static_cast<std::size_t>(random_.between(40, random_.between(60, 400)));
    const bool has_end = random_.between(0, 3) != 0;
    while (script_.lines.size() < std::min(count, most_lines)) add();
    if (has_end) script_.lines.push_back({.meaning = Meaning::End, .time = now_, .record = {.kind = RecordKind::End}});
    return std::move(script_);
  }

 private:
  bool one_in(std::int64_t choices) { return random_.between(0, choices - 1) == 0; }

  void add() {
    now_ += 1s * random_.between(0, step_seconds_);
    if (one_in(200)) now_ += 30min;
    if (heals_ && healing_.between(0, 24) == 0) lower();
    if (one_in(60)) return limit();
    switch (random_.between(0, 15)) {
      case 0:
        return heartbeat();
      case 1:
        return no_bar();
      case 2:
        return again();
      case 3:
        return correct();
      default:
        return add_bar(new_bar());
    }
  }

  void heartbeat() {
    EventTime time = now_ - 1s * random_.between(0, 60);
    if (one_in(20)) time += 5min;
    Line line{.meaning = Meaning::Heartbeat, .time = time};
    if (one_in(4))
      line.record = {.value = fmt::format(R"({{"heartbeat":"{}"}})", format_timestamp(time))};
    else
      line.record = {.kind = RecordKind::Heartbeat, .time = time};
    script_.lines.push_back(std::move(line));
  }

  // The clock of the computer and the times of the script drift apart by minutes, so some bars are rejected by each.
  void limit() {
    constexpr std::array<std::int64_t, 5> choices{0, 0, 120, 900, 3'600};
    const std::int64_t seconds = choices[static_cast<std::size_t>(random_.between(0, choices.size() - 1))];
    script_.lines.push_back({.meaning = Meaning::Limit,
                             .time = now_,
                             .limit = seconds,
                             .record = {.kind = RecordKind::Limit, .value = digits(seconds)}});
  }

  // As an operator would: to a while ago, sometimes behind a heartbeat that was wrong, sometimes to no effect.
  void lower() {
    if (healing_.between(0, 1) == 0) {
      const EventTime wrong = now_ + 1min * healing_.between(1, 120);
      script_.lines.push_back(
          {.meaning = Meaning::Heartbeat, .time = wrong, .record = {.kind = RecordKind::Heartbeat, .time = wrong}});
    }
    const EventTime to = now_ - 1s * healing_.between(-120, 1'800);
    script_.lines.push_back(
        {.meaning = Meaning::Lower, .time = to, .record = {.kind = RecordKind::LowerWatermark, .time = to}});
  }

  void no_bar() {
    if (one_in(4))
      return script_.lines.push_back({.meaning = Meaning::Blank, .time = now_, .record = {.value = " \t\r"}});
    const NoBar& chosen = no_bars[random_.between(0, no_bars.size() - 1)];
    script_.lines.push_back({.meaning = Meaning::NoBar,
                             .reason = std::string(chosen.reason),
                             .field = std::string(chosen.field),
                             .time = now_,
                             .record = {.value = std::string(chosen.text)}});
  }

  const Line* recent_bar() {
    if (script_.lines.empty()) return nullptr;
    const auto back = random_.between(1, std::min<std::int64_t>(40, script_.lines.size()));
    const Line& line = script_.lines[script_.lines.size() - back];
    return line.meaning == Meaning::Bar ? &line : nullptr;
  }

  void again() {
    if (const Line* line = recent_bar()) {
      Line copy = *line;
      script_.lines.push_back(std::move(copy));
    }
  }

  void correct() {
    const Line* line = recent_bar();
    if (!line) return;
    ScriptBar bar = new_bar();
    bar.symbol = line->bar.symbol;
    bar.time = line->bar.time;
    add_bar(std::move(bar));
  }

  ScriptBar new_bar() {
    ScriptBar bar;
    bar.symbol = std::string(1, static_cast<char>('A' + random_.between(0, symbols_ - 1)));
    Duration back = 1s * random_.between(0, one_in(6) ? 1'500 : 90);
    if (one_in(100)) back = -70min;
    bar.time = floor_to(now_ - back, one_in(3) ? Duration(1s) : Duration(20s));
    // Nano dollars now and then, or pips, else cents.
    const std::int64_t unit = one_in(3) ? 1 : one_in(4) ? 10'000 : 10'000'000;
    const auto price = [&] { return unit * random_.between(900'000'000 / unit, 4'000'000'000 / unit); };
    std::array<std::int64_t, 4> prices{price(), price(), price(), price()};
    std::ranges::sort(prices);
    bar.low = prices[0];
    bar.high = prices[3];
    bar.open = prices[1];
    bar.close = prices[2];
    if (one_in(2)) std::swap(bar.open, bar.close);
    bar.volume = static_cast<Int128>(random_.between(0, 5'000)) * (one_in(3) ? 500'000'000 : 1'000'000'000);
    if (!one_in(3)) bar.vwap = bar.low + (bar.high - bar.low) / 3;
    if (one_in(3)) bar.trade_count = random_.between(0, 100);
    if (!one_in(4)) bar.feed = one_in(5) ? "sip" : "iex";
    return bar;
  }

  // Writes the record, and derives what it does not say (2.7).
  void add_bar(ScriptBar bar) {
    const bool says_pct = one_in(5), says_direction = one_in(8);
    std::string text =
        fmt::format(R"({{"symbol":"{}","timestamp":"{}","open":{},"high":{},"low":{},"close":{},"volume":{})",
                    bar.symbol, format_timestamp(bar.time), shortest(bar.open), shortest(bar.high), shortest(bar.low),
                    shortest(bar.close), shortest(bar.volume));
    if (bar.vwap)
      text += fmt::format(R"(,"vwap":{})", shortest(*bar.vwap));
    else if (one_in(3))
      text += R"(,"vwap":0)";
    bar.price_change = round4(bar.close - bar.open) * 100'000;
    bar.pct_change = round_division((static_cast<Int128>(bar.close) - bar.open) * 1'000'000, bar.open) * 100'000;
    bar.direction = bar.close > bar.open ? "up" : bar.close < bar.open ? "down" : "flat";
    if (says_pct) {
      bar.pct_change = static_cast<Int128>(random_.between(-3'000, 3'000)) * 1'234'567;
      text += fmt::format(R"(,"pct_change":{})", shortest(bar.pct_change));
    }
    if (says_direction) {
      bar.direction = "up";
      text += R"(,"direction":"up")";
    }
    if (bar.trade_count) text += fmt::format(R"(,"trade_count":{})", *bar.trade_count);
    if (bar.feed) text += fmt::format(R"(,"feed":"{}")", *bar.feed);
    if (padding_ > 0) text += fmt::format(R"(,"ingested_at":"{}")", std::string(padding_, 'x'));
    text += '}';
    Record record{.key = bar.symbol, .value = std::move(text)};
    script_.lines.push_back(
        {.meaning = Meaning::Bar, .bar = std::move(bar), .time = now_, .record = std::move(record)});
  }

  Random random_, healing_;
  bool heals_ = false;
  Script script_;
  EventTime now_;
  std::int64_t symbols_, step_seconds_, padding_;
};

}  // namespace

Script write_script(std::uint64_t seed, std::size_t most_lines) { return Author(seed).write(most_lines); }

}  // namespace tidemark::sim
