// In a process of its own, because the restriction cannot be undone.
#include "io/query/no_writing.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>

namespace tidemark {
namespace {

namespace fs = std::filesystem;

TEST(NoWriting, NothingIsMadeOrChangedAnyMore) {
  std::string pattern = (fs::temp_directory_path() / "tidemark-no-writing-XXXXXX").string();
  const fs::path folder = ::mkdtemp(pattern.data());
  std::ofstream(folder / "there") << "text";
  const std::string there = folder / "there", made = folder / "made";
  const pid_t child = ::fork();
  if (child == 0) {
    const int open_before = ::open(there.c_str(), O_WRONLY | O_APPEND);
    if (!forbid_writing()) ::_exit(77);
    const auto refused = [](bool done) { return !done && errno == EACCES; };
    const bool all = refused(::open(made.c_str(), O_WRONLY | O_CREAT, 0600) >= 0) &&
                     refused(::open(there.c_str(), O_WRONLY) >= 0) && refused(::mkdir(made.c_str(), 0700) == 0) &&
                     refused(::unlink(there.c_str()) == 0) && ::open(there.c_str(), O_RDONLY) >= 0 &&
                     ::write(open_before, "!", 1) == 1;
    ::_exit(all ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  fs::remove_all(folder);
  ASSERT_TRUE(WIFEXITED(status));
  if (WEXITSTATUS(status) == 77) GTEST_SKIP() << "this kernel has no Landlock";
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace tidemark
