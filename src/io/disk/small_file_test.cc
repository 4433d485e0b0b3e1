// What readers of a small file see, and what a replacement keeps.
#include "io/disk/small_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "io/disk/directory_lock.h"
#include "io/disk/temporary_folder_test.h"

namespace tidemark {
namespace {

namespace fs = std::filesystem;

class SmallFile : public ::testing::Test {
 protected:
  std::string path(const char* name) const { return (folder_ / name).string(); }
  std::string text_of(const char* name) const {
    const auto text = read_small_file(path(name));
    return text && *text ? **text : "(none)";
  }
  mode_t mode_of(const char* name) const {
    struct stat status{};
    return ::lstat(path(name).c_str(), &status) == 0 ? status.st_mode & 07777 : 0;
  }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }

  const TemporaryFolder own_;
  const fs::path folder_ = own_.path();
};

TEST_F(SmallFile, IsReplacedWhole) {
  EXPECT_EQ(text_of("a"), "(none)");
  ASSERT_TRUE(replace_small_file(path("a"), "one\n", 0640));
  EXPECT_EQ(text_of("a"), "one\n");
  EXPECT_EQ(mode_of("a"), 0640u) << "whatever the umask says";
  ASSERT_TRUE(replace_small_file(path("a"), "", 0640));
  EXPECT_EQ(text_of("a"), "");
  EXPECT_EQ(files(), 1u) << "nothing stays beside it";
}

TEST_F(SmallFile, KeepsItsMode) {
  ASSERT_TRUE(replace_small_file(path("a"), "one", 0600));
  ASSERT_EQ(::chmod(path("a").c_str(), 0644), 0);
  ASSERT_TRUE(replace_small_file(path("a"), "two", 0600));
  EXPECT_EQ(mode_of("a"), 0644u);
}

TEST_F(SmallFile, KeepsItsOwner) {
  if (::getuid() != 0) GTEST_SKIP() << "only root can give a file away";
  ASSERT_TRUE(replace_small_file(path("a"), "one", 0600));
  ASSERT_EQ(::chown(path("a").c_str(), 12'345, 54'321), 0);
  ASSERT_TRUE(replace_small_file(path("a"), "two", 0600));
  struct stat status{};
  ASSERT_EQ(::stat(path("a").c_str(), &status), 0);
  EXPECT_EQ(status.st_uid, 12'345u);
  EXPECT_EQ(status.st_gid, 54'321u);
}

TEST_F(SmallFile, IsTheOneBehindALink) {
  ASSERT_TRUE(replace_small_file(path("real"), "one", 0600));
  fs::create_symlink("real", path("link"));
  ASSERT_TRUE(replace_small_file(path("link"), "two", 0600));
  EXPECT_TRUE(fs::is_symlink(path("link")));
  EXPECT_EQ(text_of("real"), "two");
}

TEST_F(SmallFile, ALinkCanBeRefused) {
  ASSERT_TRUE(replace_small_file(path("real"), "one", 0600));
  fs::create_symlink("real", path("link"));
  const auto read = read_small_file(path("link"), 100, Links::Refused);
  ASSERT_FALSE(read);
  EXPECT_TRUE(read.error().is_setup());
  EXPECT_NE(read.error().message().find(path("link") + " is a symbolic link"), std::string::npos);
  EXPECT_TRUE(read_small_file(path("real"), 100, Links::Refused));
}

// A data directory is locked for as long as a process owns it.
TEST_F(SmallFile, IsChangedBesideTheOwnerOfItsFolder) {
  const auto owner = DirectoryLock::acquire(folder_.string());
  ASSERT_TRUE(owner);
  EXPECT_TRUE(lock_small_file(path("a")));
}

TEST_F(SmallFile, TakesThePlaceOfWhatAKilledWriterLeft) {
  ASSERT_TRUE(replace_small_file(path(".a.new"), "half", 0600));
  ASSERT_TRUE(replace_small_file(path("a"), "whole", 0600));
  EXPECT_EQ(text_of("a"), "whole");
  EXPECT_EQ(files(), 1u);
}

TEST_F(SmallFile, IsChangedByOneAtATime) {
  ASSERT_TRUE(replace_small_file(path("count"), "", 0600));
  const auto add = [&] {
    for (int round = 0; round < 25; ++round) {
      const auto lock = lock_small_file(path("count"));
      ASSERT_TRUE(lock) << lock.error().message();
      ASSERT_TRUE(replace_small_file(path("count"), text_of("count") + "x", 0600));
    }
  };
  std::thread first(add), second(add);
  first.join();
  second.join();
  EXPECT_EQ(text_of("count"), std::string(50, 'x'));
  EXPECT_EQ(files(), 1u);
}

TEST_F(SmallFile, IsRemovedOnce) {
  ASSERT_TRUE(replace_small_file(path("a"), "one", 0600));
  EXPECT_TRUE(remove_small_file(path("a")));
  EXPECT_EQ(text_of("a"), "(none)");
  EXPECT_TRUE(remove_small_file(path("a")));
}

TEST_F(SmallFile, NamesThePathThatFails) {
  const auto read = read_small_file(folder_.string());
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().message().find(folder_.string()), std::string::npos);
  const auto written = replace_small_file(path("no/such/folder"), "x", 0600);
  ASSERT_FALSE(written);
  EXPECT_NE(written.error().message().find("no/such"), std::string::npos) << written.error().message();
  ASSERT_TRUE(replace_small_file(path("long"), "0123456789", 0600));
  EXPECT_FALSE(read_small_file(path("long"), 9));
}

}  // namespace
}  // namespace tidemark
