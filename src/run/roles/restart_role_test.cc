// All three roles over one log, killed at every durable step and started again: in the end log and store hold the same
// as without kills, each final and each row exactly once (contract/semantics.md §3.15, §5).
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "run/interfaces/must_test.h"
#include "run/roles/analyze_role.h"
#include "run/roles/ingest_role.h"
#include "run/roles/role_rig_test.h"
#include "run/roles/store_role.h"

namespace tidemark {
namespace {

using namespace std::chrono_literals;

constexpr Topic outputs[] = {Topic::Bars, Topic::Trends, Topic::JudgedBars, Topic::LateBars, Topic::DeadLetters};

// What survives a process.
struct RestartWorld {
  explicit RestartWorld(std::size_t most_polled) : log(fate, most_polled) {}
  Fate fate;
  MemoryLog log;
  MemoryStore store{fate};
  ManualClock clock;
};

// A process: it runs until all is done, or until it is killed.
class Life {
 public:
  Life(RestartWorld& world, const std::vector<Record>& records, std::uint64_t seed)
      : world_(world),
        random_(seed),
        feed_(records, 1 + random_.next() % 40),
        ingest_(feed_, world.log, world.clock, wake_),
        analyze_({}, world.log, wake_, nullptr),
        keep_(world.log, world.store, world.clock, {.longest_wait = 3s, .first_wait = 1s, .most_rows = 25}) {}

  void run() {
    must(analyze_.open());
    must(keep_.open());
    must(ingest_.open());
    for (int idle = 0; idle < 20;) {
      world_.clock.time += 300ms;
      idle = work() == 0 ? idle + 1 : 0;
    }
    for (std::size_t stored = 1; stored != 0;) stored = patiently([&] { return keep_.flush(); });
  }

 private:
  // One step of one role, chosen at random.
  std::size_t work() {
    switch (random_.next() % 3) {
      case 0:
        return patiently([&] { return ingest_.do_work(); });
      case 1:
        return patiently([&] { return analyze_.do_work(); });
      default:
        return patiently([&] { return keep_.do_work(); });
    }
  }
  template <typename Work>
  std::size_t patiently(Work step) {
    const Result<std::size_t> done = step();
    if (done) return *done;
    EXPECT_TRUE(done.error().is_retryable()) << done.error().message();
    return 1;
  }

  RestartWorld& world_;
  Random random_;
  CountingNotifier wake_;
  ScriptedFeed feed_;
  IngestRole ingest_;
  AnalyzeRole analyze_;
  StoreRole keep_;
};

// Restarts until one process is not killed.
int live_on(RestartWorld& world, const std::vector<Record>& records, std::uint64_t seed, auto next_blow) {
  for (int kills = 0;; ++kills) {
    next_blow();
    try {
      Life(world, records, seed + static_cast<std::uint64_t>(kills)).run();
      return kills;
    } catch (const Killed&) {
    }
  }
}

std::vector<std::string> sorted(std::vector<std::string> rows) {
  std::sort(rows.begin(), rows.end());
  return rows;
}

void expect_same(RestartWorld& found, RestartWorld& right) {
  for (const Topic topic : outputs) ASSERT_EQ(found.log.text(topic), right.log.text(topic)) << to_string(topic);
  ASSERT_EQ(sorted(found.store.rows("trends")), sorted(right.store.rows("trends")));
  ASSERT_EQ(sorted(found.store.rows("bars")), sorted(right.store.rows("bars")));
}

class Restart : public testing::Test {
 protected:
  void SetUp() override {
    Life(undisturbed, records, 1).run();
    ASSERT_GT(undisturbed.log.topic(Topic::Trends).size(), 100U);
    ASSERT_GT(undisturbed.log.topic(Topic::LateBars).size(), 2U);
    ASSERT_GT(undisturbed.log.topic(Topic::DeadLetters).size(), 2U);
    ASSERT_GT(undisturbed.store.publications, 5);
    // First, the rows of the files are the rows of the log: nothing missing and nothing twice.
    std::vector<std::string> finals;
    for (const Record& record : undisturbed.log.topic(Topic::Trends)) finals.push_back(record.value);
    ASSERT_EQ(sorted(undisturbed.store.rows("trends")), sorted(finals));
    ASSERT_EQ(undisturbed.store.rows("bars").size(), undisturbed.log.topic(Topic::JudgedBars).size());
  }

  const std::vector<Record> records = hostile_records(7, 250, 5'000);  // more than a megabyte: several snapshots
  RestartWorld undisturbed{30};
};

TEST_F(Restart, AKillAtAnyStepChangesNothing) {
  const int steps = undisturbed.fate.steps();
  ASSERT_GT(steps, 50);
  for (const Blow blow : {Blow::Before, Blow::After}) {
    for (int step = 1; step <= steps; ++step) {
      RestartWorld world(30);
      bool planned = false;
      const int kills = live_on(world, records, 1, [&] {
        if (std::exchange(planned, true))
          world.fate.relent();
        else
          world.fate.strike_at(step, blow);
      });
      ASSERT_EQ(kills, 1) << "step " << step;
      expect_same(world, undisturbed);
      if (HasFatalFailure()) FAIL() << "killed " << (blow == Blow::Before ? "before" : "after") << " step " << step;
    }
  }
}

TEST_F(Restart, AStepThatFailsOnceIsTriedAgain) {
  for (int step = 1; step <= undisturbed.fate.steps(); ++step) {
    RestartWorld world(30);
    world.fate.strike_at(step, Blow::Refuse);
    Life(world, records, 1).run();
    expect_same(world, undisturbed);
    if (HasFatalFailure()) FAIL() << "refused step " << step;
  }
}

// A publication that starts again takes three steps, so each of these processes gets a little further than the last.
TEST_F(Restart, ShortLivesAddUp) {
  RestartWorld world(30);
  const int kills = live_on(world, records, 1, [&] { world.fate.strike_at(4, Blow::After); });
  EXPECT_GE(kills, 10);
  expect_same(world, undisturbed);
}

TEST_F(Restart, ManyBlowsInAnyOrderChangeNothing) {
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    Random random(seed);
    RestartWorld world(1 + random.next() % 60);
    live_on(world, records, seed * 1'000, [&] {
      const auto blow = static_cast<Blow>(random.next() % 3);
      world.fate.strike_at(static_cast<int>(1 + random.next() % 12), blow);
    });
    expect_same(world, undisturbed);
    if (HasFatalFailure()) FAIL() << "seed " << seed;
  }
}

}  // namespace
}  // namespace tidemark
