// The newest dead letters come first, within the requested limit.
#include "run/page/dead_letter_list.h"

#include <gtest/gtest.h>

#include "core/time/timestamp.h"
#include "run/roles/role_rig_test.h"

namespace tidemark {
namespace {

TEST(DeadLetterList, TellsTheNewestFirstAsTheyStandInTheLog) {
  Fate fate;
  MemoryLog log{fate, 100};
  Commit commit{.reader = "analyze"};
  for (const char* letter : {R"({"n":0})", R"({"n":1})", R"({"n":2})"})
    commit.outputs.push_back(
        {Topic::DeadLetters, {.value = letter, .ingested_at = *parse_timestamp("2026-11-22T10:00:00Z")}});
  ASSERT_TRUE(log.commit(commit));
  EXPECT_EQ(newest_letters(log, 2, 10'000).value(),
            R"({"dead_letters":[{"offset":2,"received_at":"2026-11-22T10:00:00Z","letter":{"n":2}},)"
            R"({"offset":1,"received_at":"2026-11-22T10:00:00Z","letter":{"n":1}}]})");
  EXPECT_EQ(newest_letters(log, 3, 1).value(),
            R"({"dead_letters":[{"offset":2,"received_at":"2026-11-22T10:00:00Z","letter":{"n":2}}]})");
}

TEST(DeadLetterList, WithoutLettersItIsEmpty) {
  Fate fate;
  MemoryLog log{fate, 100};
  EXPECT_EQ(newest_letters(log, 20, 10'000).value(), R"({"dead_letters":[]})");
}

}  // namespace
}  // namespace tidemark
