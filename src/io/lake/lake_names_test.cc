#include <gtest/gtest.h>

#include <array>

#include "core/time/day_text.h"
#include "io/lake/lake.h"

namespace tidemark {
namespace {

TEST(LakeNames, AFileSaysWhatItWasMadeFrom) {
  EXPECT_EQ(published_name(LakeTable::Trends, 123, 456), "trends-000000000123-000000000456.parquet");
  EXPECT_EQ(published_name(LakeTable::Bars, 0, 4'000'000'000'000, 2), "bars-000000000000-4000000000000-000002.parquet");
  EXPECT_EQ(import_name(3, 17), "import-000003-000017.parquet");
}

TEST(LakeNames, AreReadBack) {
  for (const LakeTable table : {LakeTable::Trends, LakeTable::Bars})
    for (const std::int64_t part : {0, 2}) {
      const auto file = parse_lake_file(table, published_name(table, 1000, 4'000'000'000'000, part));
      ASSERT_TRUE(file.has_value());
      EXPECT_EQ(file->from, 1000);
      EXPECT_EQ(file->to, 4'000'000'000'000);
      EXPECT_EQ(file->imported, 0);
      EXPECT_EQ(file->part, part);
    }
  const auto file = parse_lake_file(LakeTable::Bars, "import-000003-000017.parquet");
  ASSERT_TRUE(file.has_value());
  EXPECT_EQ(file->name, "import-000003-000017.parquet");
  EXPECT_EQ(file->imported, 3);
  EXPECT_EQ(file->part, 17);
}

TEST(LakeNames, NothingElseIsOne) {
  constexpr std::array names{"bars-1-2.parquet.writing",
                             ".bars-1-2.parquet.writing",
                             ".bars-1-2.parquet",
                             "bars-1.parquet",
                             "bars-2-1.parquet",
                             "bars--1-2.parquet",
                             "bars-1-2-.parquet",
                             "bars-1-2-3-4.parquet",
                             "bars-a-b.parquet",
                             "trends-1-2.parquet",
                             "import-0-1.parquet",
                             "part-00000.parquet",
                             "bars-99999999999999999999-2.parquet",
                             "",
                             ".parquet",
                             "bars-1-2.PARQUET"};
  for (const auto* name : names) EXPECT_FALSE(parse_lake_file(LakeTable::Bars, name).has_value()) << name;
  EXPECT_FALSE(parse_lake_file(LakeTable::Trends, "import-000003-000017.parquet").has_value());
}

TEST(LakeNames, ADayIsADateThatExists) {
  ASSERT_TRUE(parse_day("2028-02-29").has_value());
  EXPECT_EQ(to_text(*parse_day("2028-02-29")), "2028-02-29");
  for (const auto* text : {"2026-02-29", "2026-2-1", "2026-02-01 ", "20260201", "", "__HIVE_DEFAULT_PARTITION__"})
    EXPECT_FALSE(parse_day(text).has_value()) << text;
}

}  // namespace
}  // namespace tidemark
