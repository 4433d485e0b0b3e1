// HdfsDisk on a real HDFS, whose address TIDEMARK_TEST_HDFS holds (./dev test hdfs sets it).
#include "io/hdfs/hdfs_disk.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "io/disk/disk_folder_test.h"
#include "io/hdfs/hdfs_url.h"
#include "run/interfaces/disk_conformance_test.h"

namespace tidemark {
namespace {

// A folder of the HDFS that the environment names.
class HdfsUnderTest final : public DiskUnderTest {
 public:
  HdfsUnderTest() {
    const auto url = parse_hdfs_url("TIDEMARK_TEST_HDFS", std::getenv("TIDEMARK_TEST_HDFS"));
    folder_ = url->folder + "/conformance";
    disk_ = make_hdfs_disk({.namenodes = url->namenodes, .user = "tidemark"}, {}, *local_, ::testing::TempDir());
    EXPECT_TRUE(disk_->make_folder(folder_));
  }
  ~HdfsUnderTest() override { EXPECT_TRUE(disk_->remove_folder(folder_)); }
  Disk& disk() override { return *disk_; }
  std::string folder() const override { return folder_; }

 private:
  std::unique_ptr<Disk> local_ = make_posix_disk(), disk_;
  std::string folder_;
};

// Empty where no HDFS is named, so that nothing is skipped.
std::vector<MakeDiskUnderTest> named_hdfs() {
  if (!std::getenv("TIDEMARK_TEST_HDFS")) return {};
  return {[] { return std::make_unique<HdfsUnderTest>(); }};
}
INSTANTIATE_TEST_SUITE_P(Hdfs, DiskConformance, testing::ValuesIn(named_hdfs()));

class HdfsDiskTest : public DiskFolderTest {
 protected:
  void SetUp() override {
    const char* const place = std::getenv("TIDEMARK_TEST_HDFS");
    if (!place) GTEST_SKIP() << "TIDEMARK_TEST_HDFS names no HDFS";
    const auto url = parse_hdfs_url("TIDEMARK_TEST_HDFS", place);
    ASSERT_TRUE(url) << url.error().message();
    access = {.namenodes = url->namenodes, .user = "tidemark"};
    folder = url->folder + "/" + ::testing::UnitTest::GetInstance()->current_test_info()->name();
    disk = make_hdfs_disk(access, {}, *local, ::testing::TempDir());
    ASSERT_TRUE(disk->remove_folder(folder));
    const auto made = disk->make_folder(folder);
    ASSERT_TRUE(made) << made.error().message();
  }

  HdfsAccess access;
};

TEST_F(HdfsDiskTest, WritesReplacesAndReadsBack) {
  write("one", "long before");
  write("one", "abc");
  EXPECT_EQ(bytes_of("one"), "abc");
  write("empty", "");
  EXPECT_EQ(bytes_of("empty"), "");
  const auto reader = disk->open(path("one"));
  ASSERT_TRUE(reader);
  std::string into(8, '-');
  EXPECT_EQ((*reader)->read(1, into), 2U);
  EXPECT_EQ(into, "bc------");
}

TEST_F(HdfsDiskTest, ABigFileIsSentWhileItIsMadeAndReadInPieces) {
  std::string block(1 << 20, '\0');
  const auto file = disk->create(path("big"));
  ASSERT_TRUE(file) << file.error().message();
  for (int i = 0; i < 24; ++i) {
    for (std::size_t at = 0; at < block.size(); ++at)
      block[at] = static_cast<char>(at * 31 + static_cast<std::size_t>(i));
    const auto appended = (*file)->append(block);
    ASSERT_TRUE(appended) << appended.error().message();
  }
  ASSERT_TRUE((*file)->sync());
  const auto reader = disk->open(path("big"));
  ASSERT_TRUE(reader);
  EXPECT_EQ((*reader)->size(), 24U << 20);
  std::string piece(1000, '-');
  EXPECT_EQ((*reader)->read((20U << 20) - 500, piece), 1000U);
  for (std::size_t at = 0; at < 500; ++at) {
    ASSERT_EQ(piece[at], static_cast<char>((block.size() - 500 + at) * 31 + 19));
    ASSERT_EQ(piece[500 + at], static_cast<char>(at * 31 + 20));
  }
  EXPECT_EQ((*reader)->read((24U << 20) - 10, piece), 10U);
}

TEST_F(HdfsDiskTest, ListsHiddenNamesTooAndNothingOfAFolderThatIsNotThere) {
  write("b", "");
  write(".a b%", "x");
  ASSERT_TRUE(disk->make_folder(path("c=1/deep")));
  EXPECT_EQ(disk->list(folder), (std::vector<std::string>{".a b%", "b", "c=1"}));
  EXPECT_EQ(bytes_of(".a b%"), "x");
  EXPECT_EQ(disk->list(path("nowhere")), std::vector<std::string>{});
  EXPECT_FALSE(disk->list(path("b")));
}

// The rig's NameNode lists 100 at once (dfs.ls.limit).
TEST_F(HdfsDiskTest, ListsAFolderOfMoreFilesThanOneAnswerHolds) {
  for (int i = 0; i < 203; ++i) ASSERT_TRUE(disk->make_folder(path("many/f" + std::to_string(10'000 + i))));
  const auto names = disk->list(path("many"));
  ASSERT_TRUE(names) << names.error().message();
  EXPECT_EQ(names->size(), 203U);
  EXPECT_EQ(names->back(), "f10202");
}

TEST_F(HdfsDiskTest, RenamesOverAFileAndRemoves) {
  write("one", "1");
  write("two", "2");
  ASSERT_TRUE(disk->rename(path("two"), path("one")));
  EXPECT_EQ(bytes_of("one"), "2");
  EXPECT_EQ(disk->list(folder), std::vector<std::string>{"one"});
  EXPECT_FALSE(disk->rename(path("two"), path("one")));  // it is not there: told, and nothing is lost
  EXPECT_EQ(bytes_of("one"), "2");
  ASSERT_TRUE(disk->remove(path("one")));
  ASSERT_TRUE(disk->remove(path("one")));
  ASSERT_TRUE(disk->make_folder(path("full/of")));
  write("full/of/files", "");
  EXPECT_FALSE(disk->remove(path("full")));
  ASSERT_TRUE(disk->remove_folder(path("full")));
  ASSERT_TRUE(disk->remove_folder(path("full")));
  EXPECT_EQ(disk->list(folder), std::vector<std::string>{});
}

TEST_F(HdfsDiskTest, RefusalsNameThePathTheReasonAndTheCure) {
  const auto forbidden = disk->make_folder("/forbidden");
  ASSERT_FALSE(forbidden);
  EXPECT_TRUE(forbidden.error().is_retryable());
  for (const char* const word : {"/forbidden", "AccessControlException", "hdfs dfs -chown tidemark"})
    EXPECT_NE(forbidden.error().message().find(word), std::string::npos) << forbidden.error().message();
  const auto probed = probe_hdfs(access, "/forbidden", {});
  ASSERT_FALSE(probed);
  EXPECT_TRUE(probed.error().is_setup());
  EXPECT_FALSE(disk->open(path("nothing")));
  EXPECT_FALSE(disk->open(folder));
}

TEST_F(HdfsDiskTest, ADeadNameNodeMovesToTheNext) {
  HdfsAccess two = access;
  two.namenodes.insert(two.namenodes.begin(), "http://127.0.0.1:9");
  const auto other = make_hdfs_disk(two, {}, *local, ::testing::TempDir());
  EXPECT_EQ(other->list(folder), std::vector<std::string>{});
  two.namenodes.pop_back();
  const auto none = make_hdfs_disk(two, {}, *local, ::testing::TempDir())->list(folder);
  ASSERT_FALSE(none);
  EXPECT_NE(none.error().message().find("http://127.0.0.1:9"), std::string::npos) << none.error().message();
}

TEST_F(HdfsDiskTest, TheProbeLeavesNothingBehind) {
  const auto probed = probe_hdfs(access, folder, {});
  ASSERT_TRUE(probed) << probed.error().message();
  EXPECT_EQ(disk->list(folder), std::vector<std::string>{});
}

}  // namespace
}  // namespace tidemark
