// The machine's promises: batches and restarts change nothing, and only a genuine snapshot is accepted.
#include "core/pipeline/machine.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "core/signal/summary.h"
#include "core/simulator/random.h"
#include "core/time/timestamp.h"
#include "core/wire/encode.h"

namespace tidemark {
namespace {

using namespace std::chrono_literals;

constexpr WindowSpec windows{.size = 5min, .slide = 1min, .delay = 2min};
constexpr EventTime noon = event_time_from_nanos(1'795'348'800'000'000'000);  // 2026-11-22T12:00:00Z

std::string row_of(const WindowState& state, TrendStatus status) {
  Trend trend;
  summarize(state, status, trend);
  std::string row;
  append_trend(trend, row);
  return row;
}

// The machine's effects as lines. Updates are separate, because they depend on the batches.
class Said : public Effects {
 public:
  void judged(const Bar& bar, Verdict verdict) override {
    lines.push_back(std::string(to_string(verdict)) + " " + std::string(bar.symbol));
  }
  void rejected(const Reject& reject) override {
    lines.push_back(std::string(to_string(reject.reason)) + " " + std::string(reject.field));
  }
  void closed(const WindowState& state) override { lines.push_back(row_of(state, TrendStatus::Final)); }
  void changed(const WindowState& state) override { updates.push_back(row_of(state, TrendStatus::Update)); }

  std::vector<std::string> lines, updates;
};

std::string bar_line(std::string_view symbol, EventTime time, int close, std::string_view more = "") {
  const std::string price = std::to_string(close);
  return R"({"symbol":")" + std::string(symbol) + R"(","timestamp":")" + format_timestamp(time) + R"(","open":)" +
         price + R"(,"high":)" + price + R"(,"low":)" + price + R"(,"close":)" + price + R"(,"volume":1)" +
         std::string(more) + "}";
}
std::string heartbeat_line(EventTime time) { return R"({"heartbeat":")" + format_timestamp(time) + R"("})"; }

// Bars out of order, repeated, corrected, far too late; heartbeats; lines that are no bars.
std::vector<std::string> hostile_lines(std::uint64_t seed, std::size_t count) {
  Random random(seed);
  std::vector<std::string> lines;
  EventTime now = noon;
  while (lines.size() < count) {
    now += Duration(1s) * random.between(0, 30);
    const EventTime time = floor_to(now - Duration(1s) * random.between(0, random.next() % 8 == 0 ? 1'200 : 200), 20s);
    const std::string symbol(1, static_cast<char>('A' + random.next() % 5));
    switch (random.next() % 12) {
      case 0:
        lines.push_back(heartbeat_line(time));
        break;
      case 1:
        lines.push_back(random.next() % 2 == 0 ? "{" : bar_line(symbol, now + 2h, 1));
        break;
      case 2:
        if (!lines.empty())
          lines.push_back(lines[lines.size() - 1 - random.next() % std::min<std::size_t>(lines.size(), 20)]);
        break;
      default:
        lines.push_back(bar_line(symbol, time, static_cast<int>(random.between(1, 50)),
                                 random.next() % 3 == 0 ? R"(,"feed":"sip","vwap":7.5)" : ""));
        break;
    }
  }
  return lines;
}

TEST(Machine, TheBatchesDoNotMatter) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const std::vector<std::string> lines = hostile_lines(seed, 400);
    Machine one_by_one(windows);
    one_by_one.track_changes();
    Said right;
    for (const std::string& line : lines) {
      one_by_one.apply(line, right);
      one_by_one.emit_changes(right);
    }
    // The last row of each window while it was open.
    std::map<std::string, std::string> latest;
    const auto window_of = [](const std::string& row) { return row.substr(0, row.find(",\"avg_close\"")); };
    for (const std::string& row : right.updates) latest[window_of(row)] = row;

    Random random(seed);
    for (int way = 0; way < 10; ++way) {
      Machine machine(windows);
      machine.track_changes();
      Said said;
      std::map<std::string, std::string> told;
      for (std::size_t at = 0; at < lines.size();) {
        const std::size_t end = std::min(lines.size(), at + 1 + random.next() % (way == 0 ? 1'000 : 60));
        for (; at < end; ++at) machine.apply(lines[at], said);
        said.updates.clear();
        machine.emit_changes(said);
        for (const std::string& row : said.updates) told[window_of(row)] = row;
      }
      ASSERT_EQ(said.lines, right.lines) << "seed " << seed;
      ASSERT_EQ(machine.snapshot(), one_by_one.snapshot()) << "seed " << seed;
      ASSERT_EQ(machine.account(), one_by_one.account());
      // A window that changed and closed in one batch gave only its final. All others are in their last state.
      for (const auto& [window, row] : told) {
        ASSERT_TRUE(latest.contains(window));
        const bool is_closed =
            std::ranges::any_of(said.lines, [&](const std::string& line) { return line.starts_with(window); });
        if (!is_closed) {
          ASSERT_EQ(row, latest[window]) << "seed " << seed;
        }
      }
    }
    EXPECT_TRUE(one_by_one.account().adds_up());
  }
}

TEST(Machine, ARestartAnywhereChangesNothing) {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    const std::vector<std::string> lines = hostile_lines(seed, 150);
    Machine undisturbed(windows);
    Said right;
    std::vector<std::size_t> said_before;  // how many lines had been emitted before each record
    for (const std::string& line : lines) {
      said_before.push_back(right.lines.size());
      undisturbed.apply(line, right);
    }
    const std::string end_state = undisturbed.snapshot();
    said_before.push_back(right.lines.size());
    undisturbed.end(right);

    Machine running(windows);
    Said ignored;
    for (std::size_t cut = 0; cut <= lines.size(); ++cut) {
      auto restored = Machine::restore(running.snapshot(), windows);
      ASSERT_TRUE(restored.has_value()) << restored.error().message();
      ASSERT_EQ(restored->account(), running.account());
      Said said;
      for (std::size_t at = cut; at < lines.size(); ++at) restored->apply(lines[at], said);
      ASSERT_EQ(restored->snapshot(), end_state) << "seed " << seed << ", restart before record " << cut;
      restored->end(said);
      const std::vector<std::string> rest(right.lines.begin() + static_cast<std::ptrdiff_t>(said_before[cut]),
                                          right.lines.end());
      ASSERT_EQ(said.lines, rest) << "seed " << seed << ", restart before record " << cut;
      if (cut < lines.size()) running.apply(lines[cut], ignored);
    }
  }
}

TEST(Machine, SavedAndRestoredBeforeEveryRecordItIsTheSame) {
  const std::vector<std::string> lines = hostile_lines(99, 300);
  Machine undisturbed(windows), machine(windows);
  Said right, said;
  for (const std::string& line : lines) {
    undisturbed.apply(line, right);
    machine = *Machine::restore(machine.snapshot(), windows);
    machine.apply(line, said);
  }
  EXPECT_EQ(said.lines, right.lines);
  EXPECT_EQ(machine.snapshot(), undisturbed.snapshot());
}

std::string some_snapshot() {
  Machine machine(windows);
  Said said;
  for (const std::string& line : hostile_lines(5, 40)) machine.apply(line, said);
  EXPECT_GT(machine.open_symbols(), 2U);
  return machine.snapshot();
}

void expect_sentence(const Result<Machine>& restored, std::string_view part, std::size_t place) {
  ASSERT_FALSE(restored.has_value()) << place;
  EXPECT_NE(restored.error().message().find(part), std::string::npos) << place << ": " << restored.error().message();
  EXPECT_FALSE(restored.error().is_retryable());
}

TEST(MachineSnapshot, ADamagedOneIsRefusedWithASentence) {
  const std::string good = some_snapshot();
  ASSERT_TRUE(Machine::restore(good, windows).has_value());
  for (std::size_t size = 0; size < good.size(); ++size)
    expect_sentence(Machine::restore(good.substr(0, size), windows), "snapshot of the windows", size);
  for (std::size_t place = 0; place < good.size(); ++place) {
    for (const int flip : {0x01, 0x80, 0xff}) {
      std::string bad = good;
      bad[place] = static_cast<char>(bad[place] ^ flip);
      expect_sentence(Machine::restore(bad, windows), "snapshot of the windows", place);
    }
  }
  expect_sentence(Machine::restore(good + '\0', windows), "damaged", good.size());
  expect_sentence(Machine::restore(good + good, windows), "damaged", good.size());
}

// FNV-1a 64 of everything before, little-endian (stream/snapshot.h): a damaged snapshot may have a valid checksum
// again.
std::string sealed(std::string bytes) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  for (int i = 0; i < 8; ++i, hash >>= 8) bytes += static_cast<char>(hash & 0xff);
  return bytes;
}
std::string body(const std::string& snapshot) { return snapshot.substr(0, snapshot.size() - 8); }

// A snapshot is refused, or good enough to continue: bars, heartbeats and the end must not stop the program.
void use(const std::string& snapshot) {
  auto machine = Machine::restore(snapshot, windows);
  if (!machine) return;
  Said said;
  machine->track_changes();
  machine->mark_open_windows();
  machine->emit_changes(said);
  for (const std::string_view symbol : {"A", "C"}) machine->apply(bar_line(symbol, noon + 10min, 7), said);
  machine->apply(heartbeat_line(noon + 20min), said);
  machine->emit_changes(said);
  auto left_open = Machine::restore(machine->snapshot(), windows);
  machine->apply(heartbeat_line(noon + 24h), said);
  machine->end(said);
  if (left_open) left_open->end(said);
  EXPECT_FALSE(machine->snapshot().empty());
}

TEST(MachineSnapshot, ADamagedOneThatIsSealedAgainIsHarmless) {
  const std::string good = body(some_snapshot());
  for (std::size_t place = 0; place < good.size(); ++place) {
    for (const int value : {0x00, 0x01, 0x7f, 0x80, 0xff}) {
      std::string bad = good;
      bad[place] = static_cast<char>(value);
      use(sealed(bad));
    }
  }
  for (std::size_t size = 0; size < good.size(); ++size) use(sealed(good.substr(0, size)));
  Random random(8);
  for (int round = 0; round < 3'000; ++round) {
    std::string bad = good;
    for (std::uint64_t accidents = 1 + random.next() % 4; accidents > 0; --accidents)
      bad[8 + random.next() % (bad.size() - 8)] = static_cast<char>(random.next());
    use(sealed(bad));
  }
}

// As version 1 was written: without a limit after the latest heartbeat, and with a vwap of 0 as a price.
TEST(MachineSnapshot, OneOfContract1IsStillRead) {
  Machine machine(windows);
  Said said;
  machine.apply(bar_line("A", noon, 7, R"(,"vwap":8.070605040302010)"), said);
  machine.apply(heartbeat_line(noon), said);
  machine.limit_ahead(99);
  std::string old = body(machine.snapshot());
  old[4] = 1;
  old.resize(old.size() - 8 - 1);                // jumps: none, and no last one
  const std::size_t behind_account = 8 + 5 * 8;  // with the header
  const std::size_t forgotten =
      behind_account + 9 + 8 + 9 + 3 * 8 + 9 + 8;  // after windows, watermark, and what is closed
  old.erase(forgotten + 8 + 8 + 4 + 1, 8);         // after the number of symbols, and A: the end of its last final
  old.erase(forgotten, 8);
  old.erase(behind_account + 9, 8 + 9);  // after the heartbeat: the limit and the newest bar
  std::string vwap;
  for (std::int64_t nanos = 8'070'605'040; vwap.size() < 8; nanos >>= 8) vwap += static_cast<char>(nanos & 0xff);
  ASSERT_EQ(old.find(vwap), old.rfind(vwap));
  ASSERT_NE(old.find(vwap), old.npos);
  old.replace(old.find(vwap), 8, 8, '\0');

  auto restored = Machine::restore(sealed(old), windows);
  ASSERT_TRUE(restored.has_value()) << restored.error().message();
  EXPECT_EQ(Machine::spec_of(sealed(old)).value(), windows);
  EXPECT_EQ(restored->max_ahead(), 0);
  EXPECT_EQ(restored->account(), (Account{.read = 1, .accepted = 1}));
  said.lines.clear();
  restored->apply(bar_line("A", noon, 7, R"(,"vwap":0)"), said);
  restored->end(said);
  ASSERT_EQ(said.lines.size(), 6U);
  EXPECT_EQ(said.lines[0], "duplicate A");
  EXPECT_NE(said.lines[1].find(R"("avg_vwap":null)"), std::string::npos) << said.lines[1];
}

TEST(MachineSnapshot, AnotherVersionIsRefusedByItsNumber) {
  std::string other = body(some_snapshot());
  other[4] = 77;
  const auto restored = Machine::restore(sealed(other), windows);
  expect_sentence(restored, "version 77", 4);
}

TEST(MachineSnapshot, OtherWindowsAreAMatterOfTheSetUp) {
  for (const WindowSpec other :
       {WindowSpec{.size = 10min, .slide = 1min, .delay = 2min}, WindowSpec{.size = 5min, .slide = 5min, .delay = 2min},
        WindowSpec{.size = 5min, .slide = 1min, .delay = 90s}}) {
    const auto restored = Machine::restore(some_snapshot(), other);
    expect_sentence(restored, "--size 5m --slide 1m --delay 2m", 0);
    EXPECT_TRUE(restored.error().is_setup());
  }
}

TEST(Machine, ABarFarAheadOfTheHeartbeatIsRejected) {
  Machine machine(windows);
  Said said;
  machine.apply(bar_line("A", noon + 24h, 1), said);  // without a heartbeat there is no limit
  machine.apply(heartbeat_line(noon), said);
  machine.apply(heartbeat_line(noon - 1h), said);  // the largest counts
  machine.apply(bar_line("A", noon + 1h, 1), said);
  machine.apply(bar_line("A", noon + 1h + 1ns, 1), said);
  machine.apply(heartbeat_line(noon + 1s), said);
  machine.apply(bar_line("B", noon + 1h + 1ns, 1), said);
  EXPECT_EQ(said.lines, (std::vector<std::string>{"accepted A", "late A", "ahead_of_heartbeat timestamp", "late B"}));
  EXPECT_EQ(machine.account(), (Account{.read = 4, .accepted = 1, .late = 2, .rejected = 1}));
}

// 3.11: a bar may lie exactly as far ahead of its append as the limit in force, and not a nanosecond more.
TEST(Machine, ABarFarAheadOfItsAppendIsRejected) {
  Machine machine(windows);
  Said said;
  machine.apply(bar_line("A", noon + 24h, 1), noon, said);  // before the first limit there is none
  machine.limit_ahead(3'600);
  machine.apply(bar_line("A", noon + 24h, 1), std::nullopt, said);  // never in a log: no append time
  machine.apply(bar_line("B", noon + 24h + 1ns, 1), noon + 23h, said);
  machine.apply(bar_line("C", noon + 24h, 1), noon + 23h, said);
  machine.apply(heartbeat_line(noon + 22h), noon, said);
  machine.apply(bar_line("B", noon + 24h, 1), noon + 1h, said);  // the heartbeat's hour is checked first
  machine.limit_ahead(0);
  machine.apply(bar_line("D", noon + 23h, 1), noon, said);
  EXPECT_EQ(said.lines, (std::vector<std::string>{"accepted A", "duplicate A", "ahead_of_feed timestamp", "accepted C",
                                                  "ahead_of_heartbeat timestamp", "late D"}));
  EXPECT_EQ(machine.account(), (Account{.read = 6, .accepted = 2, .duplicate = 1, .late = 1, .rejected = 2}));
}

TEST(Machine, ARejectedBarFromTheFutureClosesNothing) {
  Machine machine(windows);
  Said said;
  machine.limit_ahead(60);
  machine.apply(bar_line("A", noon, 1), noon, said);
  machine.apply(bar_line("A", noon + 24h, 1), noon, said);
  EXPECT_EQ(said.lines, (std::vector<std::string>{"accepted A", "ahead_of_feed timestamp"}));
  EXPECT_EQ(machine.watermark().time(), noon - 2min);
}

// 3.2, 3.11: a clock that was three hours ahead, then healed. Windows are 5 min, delay 2 min.
TEST(Machine, ALoweredWatermarkTakesTheHeartbeatWithIt) {
  Machine machine(windows);
  Said said;
  machine.apply(bar_line("A", noon, 1), said);
  machine.apply(heartbeat_line(noon + 3h), said);
  said.lines.clear();
  machine.apply(bar_line("A", noon + 1min, 1), said);
  machine.lower_watermark(noon - 2min);
  EXPECT_EQ(machine.watermark().time(), noon - 2min);
  EXPECT_EQ(machine.latest_heartbeat(), noon);
  EXPECT_EQ(machine.newest_bar(), noon + 1min);
  machine.apply(bar_line("A", noon + 1min, 1), said);  // its windows gave finals, except the last, which is open again
  machine.apply(bar_line("B", noon, 1), said);
  machine.apply(bar_line("B", noon + 1h + 1ns, 1), said);  // more than an hour ahead of the lowered heartbeat
  EXPECT_EQ(said.lines,
            (std::vector<std::string>{"late A", "accepted A", "accepted B", "ahead_of_heartbeat timestamp"}));
  machine.lower_watermark(noon + 1h);
  EXPECT_EQ(machine.watermark().time(), noon - 1min) << "it never rises by this";
}

TEST(MachineSnapshot, KeepsWhichWindowsGaveAFinal) {
  Machine machine(windows);
  Said said;
  machine.apply(bar_line("A", noon, 1), said);
  machine.apply(heartbeat_line(noon + 3h), said);
  auto restored = Machine::restore(machine.snapshot(), windows);
  ASSERT_TRUE(restored.has_value());
  said.lines.clear();
  restored->lower_watermark(noon - 2min);
  restored->apply(bar_line("A", noon, 1), said);
  restored->apply(bar_line("B", noon, 1), said);
  EXPECT_EQ(said.lines, (std::vector<std::string>{"late A", "accepted B"}));
  EXPECT_EQ(restored->newest_bar(), noon);
}

// As version 2 was written: without finals, newest bar and jumps. Whatever it had closed stays closed.
TEST(MachineSnapshot, OneOfVersion2ReopensNothing) {
  Machine machine(windows);
  Said said;
  machine.apply(heartbeat_line(noon + 3h), said);
  std::string old = body(machine.snapshot());
  old[4] = 2;
  old.resize(old.size() - 8 - 1);                   // jumps: their count, and whether there is a last one
  old.erase(8 + 5 * 8 + 9 + 8, 9);                  // after header, account, heartbeat and limit: the newest bar
  old.erase(8 + 5 * 8 + 9 + 8 + 3 * 8 + 9 + 8, 8);  // after windows, watermark and what is closed: the forgotten ends
  auto restored = Machine::restore(sealed(old), windows);
  ASSERT_TRUE(restored.has_value()) << restored.error().message();
  EXPECT_EQ(Machine::spec_of(sealed(old)).value(), windows);
  EXPECT_EQ(restored->watermark().time(), noon + 3h - 2min);
  said.lines.clear();
  restored->lower_watermark(noon + 2h + 50min);
  restored->apply(bar_line("A", noon + 2h + 53min, 1), said);
  restored->apply(bar_line("A", noon + 2h + 54min, 1), said);
  EXPECT_EQ(said.lines[0], "late A");  // its last window ended with the snapshot's watermark, 14:58
  EXPECT_EQ(said.lines.size(), 2U);
}

TEST(MachineSnapshot, KeepsTheJumps) {
  Machine machine(windows);
  machine.jumps().moved(noon, noon + 3h, 2min, {"alpaca_trends", 7}, "A");
  ASSERT_TRUE(machine.jumps().late(noon + 1h).has_value());
  auto restored = Machine::restore(machine.snapshot(), windows);
  ASSERT_TRUE(restored.has_value());
  ASSERT_TRUE(restored->jumps().last().has_value());
  EXPECT_EQ(restored->jumps().last()->position, 7);
  EXPECT_EQ(restored->jumps().last()->symbol, "A");
  EXPECT_EQ(restored->jumps().late(noon + 1h)->late, 2);
  EXPECT_EQ(machine.snapshot() == restored->snapshot(), false);
}

TEST(MachineSnapshot, KeepsTheLimit) {
  Machine machine(windows);
  machine.limit_ahead(3'600);
  auto restored = Machine::restore(machine.snapshot(), windows);
  ASSERT_TRUE(restored.has_value());
  EXPECT_EQ(restored->max_ahead(), 3'600);
  EXPECT_EQ(restored->snapshot(), machine.snapshot());
}

TEST(Machine, ARejectedRecordMovesNothing) {
  Machine machine(windows), untouched(windows);
  Said said;
  machine.apply("{", said);
  machine.apply(R"({"heartbeat":"soon"})", said);
  machine.apply(bar_line("A", noon, 0), said);
  EXPECT_EQ(said.lines, (std::vector<std::string>{"bad_json ", "bad_timestamp heartbeat", "not_positive open"}));
  EXPECT_EQ(machine.watermark().time(), std::nullopt);
  EXPECT_EQ(machine.account(), (Account{.read = 3, .rejected = 3}));
}

TEST(Machine, AGoodHeartbeatIsCountedNowhere) {
  Machine machine(windows);
  Said said;
  machine.apply(heartbeat_line(noon), said);
  EXPECT_EQ(machine.account(), Account{});
  EXPECT_EQ(machine.watermark().time(), noon - 2min);
  EXPECT_TRUE(said.lines.empty());
}

TEST(Machine, TheEndClosesAllAndLaterBarsAreLate) {
  Machine machine(windows);
  Said said;
  machine.apply(bar_line("B", noon, 2), said);
  machine.apply(bar_line("A", noon, 1), said);
  machine.end(said);
  EXPECT_EQ(said.lines.size(), 2U + 10U);
  EXPECT_EQ(machine.watermark().time(), noon + 5min);  // the largest end
  said.lines.clear();
  machine.apply(bar_line("A", noon + 1min - 1ns, 1), said);
  machine.apply(bar_line("A", noon + 1min, 1), said);
  EXPECT_EQ(said.lines, (std::vector<std::string>{"late A", "accepted A"}));
}

TEST(MachineSnapshot, SaysOfWhichWindowsItIs) {
  const WindowSpec spec{std::chrono::hours(1), std::chrono::minutes(15), std::chrono::seconds(7)};
  const Machine machine(spec);
  const auto found = Machine::spec_of(machine.snapshot());
  ASSERT_TRUE(found.has_value()) << found.error().message();
  EXPECT_EQ(*found, spec);
  EXPECT_FALSE(Machine::spec_of("no snapshot").has_value());
}

}  // namespace
}  // namespace tidemark
