#include "io/disk/posix_disk.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

#include "io/disk/temporary_folder_test.h"
#include "run/interfaces/disk_conformance_test.h"
#include "run/interfaces/plain_disk_test.h"

namespace tidemark {
namespace {

namespace fs = std::filesystem;

// A folder of this machine; with some abilities, as if its disk had only these.
class FolderUnderTest final : public DiskUnderTest {
 public:
  explicit FolderUnderTest(std::optional<DiskAbilities> abilities = std::nullopt) {
    if (abilities) plain_.emplace(*disk_, *abilities);
  }
  Disk& disk() override { return plain_ ? static_cast<Disk&>(*plain_) : *disk_; }
  std::string folder() const override { return folder_; }

 private:
  std::unique_ptr<Disk> disk_ = make_posix_disk();
  std::optional<PlainDisk> plain_;
  const TemporaryFolder own_;
  const std::string folder_ = own_.path().string();
};

INSTANTIATE_TEST_SUITE_P(Posix, DiskConformance,
                         testing::Values(MakeDiskUnderTest([] { return std::make_unique<FolderUnderTest>(); })));
// The suite itself, for disks that lack what a POSIX disk has.
INSTANTIATE_TEST_SUITE_P(LikeHdfs, DiskConformance, testing::Values(MakeDiskUnderTest([] {
                           return std::make_unique<FolderUnderTest>(abilities_like_hdfs);
                         })));
INSTANTIATE_TEST_SUITE_P(LikeAnObjectStore, DiskConformance, testing::Values(MakeDiskUnderTest([] {
                           return std::make_unique<FolderUnderTest>(abilities_like_an_object_store);
                         })));

class PosixDiskTest : public ::testing::Test {
 protected:
  std::string path(std::string_view name) const { return (folder / name).string(); }
  std::string bytes_of(std::string_view name) const {
    std::ostringstream bytes;
    bytes << std::ifstream(folder / name, std::ios::binary).rdbuf();
    return bytes.str();
  }
  void write(std::string_view name, std::string_view bytes) {
    const auto file = disk->create(path(name));
    ASSERT_TRUE(file) << file.error().message();
    ASSERT_TRUE((*file)->append(bytes));
    ASSERT_TRUE((*file)->sync());
  }

  std::unique_ptr<Disk> disk = make_posix_disk();
  const TemporaryFolder own_;
  const fs::path folder = own_.path();
};

TEST_F(PosixDiskTest, AFileStaysReadableWhenItsNameGoesAway) {
  write("one", "abc");
  const auto reader = disk->open(path("one"));
  ASSERT_TRUE(reader);
  ASSERT_TRUE(disk->remove(path("one")));
  EXPECT_EQ((*reader)->size(), 3U);
  std::string into(8, '-');
  EXPECT_EQ((*reader)->read(1, into), 2U);
  EXPECT_EQ(into, "bc------");
}

TEST_F(PosixDiskTest, AFileCannotBeListedAsAFolder) {
  write("b", "");
  EXPECT_FALSE(disk->list(path("b")));
}

TEST_F(PosixDiskTest, ExchangesFolders) {
  ASSERT_TRUE(disk->make_folder(path("one/deep")));
  ASSERT_TRUE(disk->make_folder(path("other")));
  write("one/deep/x", "1");
  write("other/y", "2");
  const auto exchanged = disk->exchange(path("one"), path("other"));
  if (!exchanged && !exchanged.error().is_retryable()) GTEST_SKIP() << exchanged.error().message();
  EXPECT_EQ(bytes_of("other/deep/x"), "1");
  EXPECT_EQ(bytes_of("one/y"), "2");
}

TEST_F(PosixDiskTest, ALinkKeepsTheBytesWhenItsFirstNameIsReplaced) {
  write("one", "1");
  ASSERT_TRUE(disk->link(path("one"), path("two")));
  write("three", "3");
  ASSERT_TRUE(disk->rename(path("three"), path("one")));
  EXPECT_EQ(bytes_of("one"), "3");
  EXPECT_EQ(bytes_of("two"), "1");
  ASSERT_TRUE(disk->remove(path("two")));
  ASSERT_TRUE(disk->remove(path("two")));
  ASSERT_TRUE(disk->make_folder(path("full/of")));
  write("full/of/files", "");
  ASSERT_TRUE(disk->remove_folder(path("full")));
  ASSERT_TRUE(disk->remove_folder(path("full")));
  EXPECT_EQ(disk->list(folder.string()), std::vector<std::string>{"one"});
}

TEST_F(PosixDiskTest, ErrorsNameThePathAndTheCure) {
  write("file", "");
  const auto made = disk->make_folder(path("file/below"));
  ASSERT_FALSE(made);
  EXPECT_NE(made.error().message().find(path("file")), std::string::npos);
  EXPECT_NE(made.error().message().find("move it away"), std::string::npos);
  EXPECT_TRUE(made.error().is_retryable());
  const auto opened = disk->open(path("nothing"));
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().message().find(path("nothing")), std::string::npos);
  EXPECT_FALSE(disk->open(folder.string()));  // a folder is no file
}

unsigned mode_of(const std::string& path) {
  struct stat status{};
  return ::lstat(path.c_str(), &status) == 0 ? status.st_mode & 07777 : 0;
}

TEST_F(PosixDiskTest, WhatIsNewGetsItsModeWhateverTheUmask) {
  const auto restricted = make_posix_disk(private_modes), shared = make_posix_disk(lake_modes(0640));
  for (const mode_t umask : {mode_t{0}, mode_t{077}}) {
    const mode_t before = ::umask(umask);
    const std::string name = std::to_string(umask);
    ASSERT_TRUE(restricted->make_folder(path(name)));
    ASSERT_TRUE(restricted->create(path(name + "/file")));
    ASSERT_TRUE(shared->make_folder(path(name + "/lake")));
    ASSERT_TRUE(shared->create(path(name + "/lake/file")));
    ASSERT_TRUE(shared->lock(path(name + "/lake/.lock"), Disk::Wait::No));
    ::umask(before);
    EXPECT_EQ(mode_of(path(name)), 0700u);
    EXPECT_EQ(mode_of(path(name + "/file")), 0600u);
    EXPECT_EQ(mode_of(path(name + "/lake")), 0750u);
    EXPECT_EQ(mode_of(path(name + "/lake/file")), 0640u);
    EXPECT_EQ(mode_of(path(name + "/lake/.lock")), 0640u);
  }
}

TEST_F(PosixDiskTest, WhatIsThereKeepsItsMode) {
  write("file", "one");
  ASSERT_EQ(::chmod(path("file").c_str(), 0660), 0);
  ASSERT_TRUE(make_posix_disk(private_modes)->create(path("file")));
  EXPECT_EQ(mode_of(path("file")), 0660u);
}

TEST_F(PosixDiskTest, NoLinkIsFollowedForALock) {
  write("precious", "kept");
  fs::create_symlink("precious", folder / ".lock");
  const auto lock = disk->lock(path(".lock"), Disk::Wait::No);
  ASSERT_FALSE(lock);
  EXPECT_NE(lock.error().message().find(path(".lock") + " is a symbolic link"), std::string::npos);
  EXPECT_EQ(bytes_of("precious"), "kept");
}

TEST_F(PosixDiskTest, ALockHasOneHolderAndNamesIt) {
  auto held = disk->lock(path(".lock"), Disk::Wait::No);
  ASSERT_TRUE(held);
  const auto second = disk->lock(path(".lock"), Disk::Wait::No);
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().message().find("process " + std::to_string(::getpid())), std::string::npos);
  held->reset();
  EXPECT_TRUE(disk->lock(path(".lock"), Disk::Wait::No));
}

TEST_F(PosixDiskTest, WhoOnlyLooksLearnsTheHolderAndMakesNothing) {
  EXPECT_FALSE(lock_holder(path(".lock")));
  EXPECT_FALSE(fs::exists(path(".lock")));
  auto held = disk->lock(path(".lock"), Disk::Wait::No);
  ASSERT_TRUE(held);
  EXPECT_EQ(lock_holder(path(".lock")), std::to_string(::getpid()));
  held->reset();
  EXPECT_FALSE(lock_holder(path(".lock")));
}

TEST_F(PosixDiskTest, AKilledHolderHoldsNobodyUp) {
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto held = disk->lock(path(".lock"), Disk::Wait::No);
    (void)!::write(ready[1], held ? "y" : "n", 1);
    ::pause();
  }
  char answer = 0;
  ASSERT_EQ(::read(ready[0], &answer, 1), 1);
  EXPECT_EQ(answer, 'y');
  EXPECT_FALSE(disk->lock(path(".lock"), Disk::Wait::No));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_TRUE(disk->lock(path(".lock"), Disk::Wait::Yes));
  ::close(ready[0]);
  ::close(ready[1]);
}

}  // namespace
}  // namespace tidemark
