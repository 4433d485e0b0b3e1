// Who owns a data directory, whatever files are deleted in it.
#include "io/disk/directory_lock.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "io/disk/temporary_folder_test.h"

namespace tidemark {
namespace {

namespace fs = std::filesystem;

class DirectoryLockTest : public ::testing::Test {
 protected:
  std::string data() const { return (folder_ / "data").string(); }
  static std::string refusal(const std::string& directory) {
    const auto second = DirectoryLock::acquire(directory);
    return second ? "" : second.error().message();
  }
  static unsigned mode_of(const fs::path& path) {
    struct stat status{};
    return ::lstat(path.c_str(), &status) == 0 ? status.st_mode & 07777 : 0;
  }
  std::string myself() const { return std::to_string(::getpid()); }

  const TemporaryFolder own_;
  const fs::path folder_ = own_.path();
};

TEST_F(DirectoryLockTest, HasOneOwnerWhoIsNamed) {
  EXPECT_FALSE(directory_owner(data()));
  const auto lock = DirectoryLock::acquire(data());
  ASSERT_TRUE(lock) << lock.error().message();
  EXPECT_NE(refusal(data()).find("in use by process " + myself()), std::string::npos) << refusal(data());
  EXPECT_EQ(directory_owner(data()), myself());
}

TEST_F(DirectoryLockTest, IsFreeAgainWhenTheOwnerIsGone) {
  {
    ASSERT_TRUE(DirectoryLock::acquire(data()));
  }
  EXPECT_FALSE(directory_owner(data()));
  EXPECT_EQ(refusal(data()), "");
}

TEST_F(DirectoryLockTest, DeletingTheFileOpensNothing) {
  const auto lock = DirectoryLock::acquire(data());
  ASSERT_TRUE(lock);
  fs::remove(fs::path(data()) / "tidemark.pid");
  EXPECT_NE(refusal(data()).find("in use by process"), std::string::npos);
  EXPECT_FALSE(fs::exists(fs::path(data()) / "tidemark.pid")) << "who is refused makes nothing";
  EXPECT_TRUE(directory_owner(data()));
  std::ofstream(fs::path(data()) / "tidemark.pid") << "1\n";
  EXPECT_NE(refusal(data()).find("in use by process"), std::string::npos);
}

// Programs before this lock flock only the file.
TEST_F(DirectoryLockTest, OlderProgramsAreRefusedAndRefuse) {
  const fs::path file = fs::path(data()) / "tidemark.pid";
  {
    const auto lock = DirectoryLock::acquire(data());
    ASSERT_TRUE(lock);
    const int older = ::open(file.c_str(), O_RDWR);
    EXPECT_NE(::flock(older, LOCK_EX | LOCK_NB), 0);
    ::close(older);
  }
  const int older = ::open(file.c_str(), O_RDWR);
  ASSERT_EQ(::flock(older, LOCK_EX | LOCK_NB), 0);
  EXPECT_NE(refusal(data()).find("in use by process " + myself()), std::string::npos);
  EXPECT_EQ(directory_owner(data()), myself());
  ::close(older);
}

TEST_F(DirectoryLockTest, AKilledOwnerHoldsNobodyUp) {
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto lock = DirectoryLock::acquire(data());
    (void)!::write(ready[1], lock ? "y" : "n", 1);
    ::pause();
  }
  char answer = 0;
  ASSERT_EQ(::read(ready[0], &answer, 1), 1);
  EXPECT_EQ(answer, 'y');
  EXPECT_EQ(directory_owner(data()), std::to_string(child));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_EQ(refusal(data()), "");
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST_F(DirectoryLockTest, NoLinkIsFollowedButTheDirectoryMayBeOne) {
  fs::create_directory(folder_ / "real");
  fs::create_directory_symlink("real", data());
  {
    ASSERT_TRUE(DirectoryLock::acquire(data()));
  }
  fs::remove(folder_ / "real/tidemark.pid");
  std::ofstream(folder_ / "precious") << "kept";
  fs::create_symlink("../precious", folder_ / "real/tidemark.pid");
  EXPECT_NE(refusal(data()).find("tidemark.pid is a symbolic link"), std::string::npos) << refusal(data());
  EXPECT_EQ(fs::file_size(folder_ / "precious"), 4u);
  EXPECT_FALSE(directory_owner(data()));
}

TEST_F(DirectoryLockTest, IsItsOwnersAloneWhateverTheUmask) {
  const mode_t before = ::umask(0);
  {
    ASSERT_TRUE(DirectoryLock::acquire(data(), 0711));
  }
  ::umask(before);
  EXPECT_EQ(mode_of(data()), 0711u);
  EXPECT_EQ(mode_of(fs::path(data()) / "tidemark.pid"), 0600u);
  ::chmod(data().c_str(), 0755);
  {
    ASSERT_TRUE(DirectoryLock::acquire(data(), 0700));
  }
  EXPECT_EQ(mode_of(data()), 0755u) << "what is there keeps its mode";
}

}  // namespace
}  // namespace tidemark
