// Snapshots of the machine: only a genuine one of a known version is accepted, and it keeps all that the machine knows.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/pipeline/machine.h"
#include "core/pipeline/machine_lines_test.h"
#include "core/simulator/random.h"

namespace tidemark {
namespace {

using namespace machine_test;

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
