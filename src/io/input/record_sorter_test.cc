// RecordSorter: the order of a stable sort, however little memory it has.
#include "io/input/record_sorter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

namespace tidemark {
namespace {

struct Kept {
  std::optional<EventTime> time;
  std::int64_t position = 0;
  std::uint64_t bytes_in_all = 0;
  std::string record, original;
  friend bool operator==(const Kept&, const Kept&) = default;
};

std::vector<Kept> sorted(const std::vector<Kept>& records, RecordSorter sorter) {
  for (const Kept& each : records)
    EXPECT_TRUE(sorter.add({.time = each.time,
                            .file = 7,
                            .position = each.position,
                            .bytes_in_all = each.bytes_in_all,
                            .record = each.record,
                            .original = each.original}));
  EXPECT_TRUE(sorter.end());
  std::vector<Kept> out;
  SortedRecord record;
  while (sorter.next(record).value()) {
    EXPECT_EQ(record.file, 7U);
    out.push_back(
        {record.time, record.position, record.bytes_in_all, std::string(record.record), std::string(record.original)});
  }
  EXPECT_FALSE(sorter.next(record).value()) << "and stays there";
  return out;
}

// Few times, so that many records share one; records of all sizes.
std::vector<Kept> records(std::size_t count) {
  std::minstd_rand random(17);
  std::vector<Kept> all;
  for (std::size_t i = 0; i < count; ++i) {
    Kept kept{.time = {},
              .position = static_cast<std::int64_t>(i),
              .bytes_in_all = random() % 3,
              .record = {},
              .original = {}};
    if (const auto when = random() % 20; when > 0)
      kept.time = event_time_from_nanos(static_cast<std::int64_t>(when) - 10);
    kept.record = std::string(random() % 50, static_cast<char>('a' + random() % 26));
    if (random() % 100 == 0) kept.record = std::string(65'536, 'x');
    kept.original = std::string(random() % 3 * 10, 'o');
    all.push_back(std::move(kept));
  }
  return all;
}

TEST(RecordSorter, IsAStableSortWhateverItsMemory) {
  const std::vector<Kept> all = records(1'500);
  std::vector<Kept> expected = all;
  std::ranges::stable_sort(expected, {}, &Kept::time);
  EXPECT_TRUE(sorted(all, RecordSorter(1'000'000'000)) == expected) << "in memory";
  EXPECT_TRUE(sorted(all, RecordSorter(3 * 1024 * 1024)) == expected) << "a few runs";
  EXPECT_TRUE(sorted(all, RecordSorter(1, 1'000'000)) == expected) << "a run for every record";
  EXPECT_TRUE(sorted(all, RecordSorter(1, 5)) == expected) << "and runs merged into one again and again";
}

TEST(RecordSorter, OfNothingIsNothing) {
  EXPECT_TRUE(sorted({}, RecordSorter(1)).empty());
  EXPECT_EQ(sorted({{.record = ""}}, RecordSorter(1)).size(), 1U);
}

TEST(RecordSorter, AFolderThatIsNotThereIsToldWithTheCure) {
  const char* const before = std::getenv("TMPDIR");
  const std::string kept = before != nullptr ? before : "";
  ::setenv("TMPDIR", "/nowhere/at/all", 1);
  RecordSorter sorter(1);
  const Result<void> added = sorter.add({.record = "a"});
  if (before != nullptr)
    ::setenv("TMPDIR", kept.c_str(), 1);
  else
    ::unsetenv("TMPDIR");
  ASSERT_FALSE(added);
  EXPECT_NE(added.error().message().find("in /nowhere/at/all"), std::string::npos) << added.error().message();
  EXPECT_NE(added.error().message().find("TMPDIR"), std::string::npos);
}

}  // namespace
}  // namespace tidemark
