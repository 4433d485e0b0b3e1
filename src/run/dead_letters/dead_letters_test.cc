// Dead letters are chosen by their content and found by the positions of their records, however many were trimmed.
#include "run/dead_letters/dead_letters.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "run/interfaces/must_test.h"
#include "run/roles/role_rig_test.h"

namespace tidemark {
namespace {

using namespace std::chrono_literals;

struct DeadLetterWorld {
  Fate fate;
  MemoryLog log{fate, 100};
  ManualClock clock;

  // One a minute, cycling through the rejects, with gaps between the positions: 0, 3, 6 …
  void write(int count) {
    const Reject turns[] = {{Reason::BadJson, ""}, {Reason::Missing, "open"}, {Reason::Missing, "close"}};
    Commit commit{.reader = "analyze"};
    for (int i = 0; i < count; ++i) {
      Output& output = commit.outputs.emplace_back(Output{Topic::DeadLetters, {.ingested_at = clock.time + i * 1min}});
      append_dead_letter(turns[i % 3], {"alpaca_trends", 3 * i}, "record " + std::to_string(i), 0, output.record.value);
    }
    ASSERT_TRUE(log.commit(commit));
  }

  std::vector<Position> chosen(const DeadLetterChoice& choice) {
    std::vector<Position> offsets;
    for (Position from = 0;;) {
      const auto batch = must(read_letters(log, choice, from));
      if (!batch) return offsets;
      EXPECT_GT(batch->next, from);
      from = batch->next;
      for (const NumberedDeadLetter& letter : batch->chosen) {
        EXPECT_EQ(letter.said.record, "record " + std::to_string(letter.offset));
        EXPECT_EQ(letter.json, log.topic(Topic::DeadLetters)[static_cast<std::size_t>(letter.offset)].value);
        offsets.push_back(letter.offset);
      }
    }
  }
};

struct Case {
  DeadLetterChoice choice;
  std::vector<Position> offsets;  // of nine dead letters
};

TEST(DeadLetters, AreChosenByWhatTheySay) {
  DeadLetterWorld world;
  world.write(9);
  const Case cases[] = {
      {{}, {0, 1, 2, 3, 4, 5, 6, 7, 8}},
      {{.reasons = {Reason::BadJson}}, {0, 3, 6}},
      {{.reasons = {Reason::BadJson, Reason::Missing}, .fields = {"close"}}, {2, 5, 8}},
      {{.fields = {"open", "close"}, .from = 4, .to = 8}, {4, 5, 7}},
      {{.from = 8}, {8}},
      {{.from = 9}, {}},
      {{.from = 5, .to = 5}, {}},
      {{.since = world.clock.time + 6min}, {6, 7, 8}},
      {{.reasons = {Reason::TooLong}}, {}},
  };
  for (const Case& each : cases) EXPECT_EQ(world.chosen(each.choice), each.offsets) << &each - cases;
}

TEST(DeadLetters, AreReadToTheirEndInBatches) {
  DeadLetterWorld world;
  EXPECT_TRUE(world.chosen({}).empty());
  world.write(1'000);
  EXPECT_EQ(world.chosen({}).size(), 1'000U);
  EXPECT_EQ(world.chosen({.reasons = {Reason::Missing}, .from = 301}).size(), 466U);
}

TEST(DeadLetters, AreFoundByWhereTheirRecordsStood) {
  DeadLetterWorld world;
  world.write(1'000);
  DeadLetterFinder finder(world.log);
  const auto offset_of = [&](Position position) -> Position {
    const auto letter = must(finder.find(position));
    return letter ? letter->offset : -1;
  };
  for (Position i = 0; i < 1'000; ++i) ASSERT_EQ(offset_of(3 * i), i) << "one after the other";
  for (Position i = 999; i >= 0; i -= 7) ASSERT_EQ(offset_of(3 * i), i) << "from behind";
  for (const Position none : {-1, 1, 2, 3'000, 1'000'000}) EXPECT_EQ(offset_of(none), -1) << none;

  Position begin = 0;
  while (begin < 500) begin = must(world.log.trim(Topic::DeadLetters, 500));
  DeadLetterFinder fresh(world.log);
  EXPECT_FALSE(must(fresh.find(3 * 499)).has_value()) << "it is forgotten";
  EXPECT_EQ(must(fresh.find(3 * 500))->offset, 500);
}

TEST(DeadLetters, ADamagedOneIsNamed) {
  DeadLetterWorld world;
  world.write(3);
  world.log.topic(Topic::DeadLetters)[1].value.pop_back();
  const auto batch = read_letters(world.log, {}, 0);
  ASSERT_FALSE(batch.has_value());
  EXPECT_EQ(batch.error().message(), "the dead letter at offset 1 of the log is damaged");
  EXPECT_FALSE(DeadLetterFinder(world.log).find(3).has_value());
}

}  // namespace
}  // namespace tidemark
