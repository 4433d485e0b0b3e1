// An import is published whole or not at all, on disks that rename and on those that do not.
#include "io/lake/imports.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "core/time/day_text.h"
#include "io/disk/posix_disk.h"
#include "run/interfaces/plain_disk_test.h"

namespace tidemark {
namespace {

namespace fs = std::filesystem;

const LakeDay import_day = *parse_day("2026-11-22");

constexpr DiskAbilities without_rename = [] {
  DiskAbilities fewer = DiskAbilities{}.without(DiskAbility::Rename, "a name is for ever");
  fewer.file_appears = FileAppears::WhenSynced;
  return fewer;
}();

class ImportsTest : public ::testing::TestWithParam<DiskAbilities> {
 public:
  ImportsTest() { EXPECT_TRUE(lake.open()); }
  ~ImportsTest() override { fs::remove_all(folder); }

  std::int64_t begin() {
    const auto number = imports.begin();
    EXPECT_TRUE(number);
    std::ofstream(imports.path_of_part(number.value_or(1), import_day, 0)) << "bars";
    return number.value_or(1);
  }
  bool is_shown() const { return fs::exists(folder / "bars/dt=2026-11-22/import-000001-000000.parquet"); }

  static fs::path make_folder() {
    std::string pattern = (fs::temp_directory_path() / "tidemark-imports-XXXXXX").string();
    return ::mkdtemp(pattern.data());
  }

  fs::path folder = make_folder();
  std::unique_ptr<Disk> posix = make_posix_disk();
  PlainDisk disk{*posix, GetParam()};
  Lake lake{disk, folder.string()};
  Imports imports{lake};
};

TEST_P(ImportsTest, ACommittedImportIsShownAndLeavesItsAccount) {
  const std::int64_t number = begin();
  ASSERT_TRUE(imports.commit(number, "{}", {import_day}));
  EXPECT_FALSE(is_shown());
  ASSERT_TRUE(imports.show(number));
  EXPECT_TRUE(is_shown());
  EXPECT_TRUE(fs::exists(imports.account_path(number)));
  EXPECT_EQ(imports.days_to_recompute(), std::set<LakeDay>{import_day});
  ASSERT_TRUE(imports.recomputed({import_day}));
  EXPECT_EQ(imports.days_to_recompute(), std::set<LakeDay>{});
  EXPECT_EQ(imports.begin(), 2);
}

TEST_P(ImportsTest, TheNextImportFinishesOneThatWasKilledOnceItWasCommitted) {
  ASSERT_TRUE(imports.commit(begin(), "{}", {import_day}));
  const auto finished = imports.finish_killed();
  ASSERT_TRUE(finished);
  EXPECT_EQ(*finished, std::vector<std::int64_t>{1});
  EXPECT_TRUE(is_shown());
  EXPECT_EQ(imports.finish_killed(), std::vector<std::int64_t>{});
}

TEST_P(ImportsTest, OneThatWasKilledBeforeLeavesNothing) {
  const std::int64_t number = begin();
  EXPECT_EQ(imports.finish_killed(), std::vector<std::int64_t>{});
  EXPECT_FALSE(is_shown());
  EXPECT_FALSE(fs::exists(imports.working_folder(number)));
}

INSTANTIATE_TEST_SUITE_P(Disks, ImportsTest, ::testing::Values(DiskAbilities{}, without_rename));

}  // namespace
}  // namespace tidemark
