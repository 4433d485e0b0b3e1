// What is said of a file that cannot be read.
#include "io/input/readable.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

namespace tidemark {
namespace {

namespace fs = std::filesystem;

TEST(Readable, AFileThatIsThereAndStandardInput) {
  std::string folder = (fs::temp_directory_path() / "tidemark-readable-XXXXXX").string();
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  std::ofstream(folder + "/one") << "1";
  EXPECT_TRUE(check_readable(folder + "/one"));
  EXPECT_TRUE(check_readable("-"));
  const auto missing = check_readable(folder + "/nowhere");
  ASSERT_FALSE(missing);
  EXPECT_TRUE(missing.error().is_setup());
  EXPECT_EQ(missing.error().message(), "cannot read " + folder + "/nowhere: No such file or directory");
  const auto is_folder = check_readable(folder);
  ASSERT_FALSE(is_folder);
  EXPECT_TRUE(is_folder.error().is_setup());
  EXPECT_EQ(is_folder.error().message(), "cannot read " + folder + ": it is a folder; name its files");
  fs::remove_all(folder);
}

}  // namespace
}  // namespace tidemark
