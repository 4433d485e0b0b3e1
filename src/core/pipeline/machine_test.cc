// The machine's promises: batches and restarts change nothing, and a bar may not lie too far ahead.
#include "core/pipeline/machine.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "core/pipeline/machine_lines_test.h"
#include "core/simulator/random.h"

namespace tidemark {
namespace {

using namespace machine_test;

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

}  // namespace
}  // namespace tidemark
