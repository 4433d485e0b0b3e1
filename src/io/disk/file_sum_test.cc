#include "io/disk/file_sum.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "io/disk/posix_disk.h"
#include "io/disk/temporary_folder_test.h"

namespace tidemark {
namespace {

namespace fs = std::filesystem;

bool go_on(std::uint64_t) { return true; }

class FileSumTest : public ::testing::Test {
 protected:
  std::string write(std::string_view name, std::string_view bytes) const {
    std::ofstream(folder / name, std::ios::binary) << bytes;
    return (folder / name).string();
  }
  std::unique_ptr<Disk> disk = make_posix_disk();
  const TemporaryFolder own_;
  const fs::path folder = own_.path();
};

// The check value of CRC-32/ISO-HDLC from the catalogues of CRCs; and that of nothing.
TEST_F(FileSumTest, IsTheCrcThatEverybodyHas) {
  EXPECT_EQ(sum_of_bytes("123456789"), (FileSum{9, 0xcbf43926}));
  EXPECT_EQ(sum_of_bytes(""), (FileSum{0, 0}));
  EXPECT_EQ(sum_of_file(*disk, write("nine", "123456789"), go_on), (FileSum{9, 0xcbf43926}));
}

TEST_F(FileSumTest, CopiesWhatIsLargerThanAPiece) {
  std::string bytes;
  for (int i = 0; i < 400'000; ++i) bytes += std::to_string(i);
  const std::string from = write("from", bytes), to = (folder / "to").string();
  std::uint64_t told = 0;
  const auto sum = copy_file(*disk, from, to, [&](std::uint64_t done) { return told += done, true; });
  ASSERT_TRUE(sum) << sum.error().message();
  EXPECT_EQ(*sum, sum_of_bytes(bytes));
  EXPECT_EQ(told, bytes.size());
  std::ostringstream copied;
  copied << std::ifstream(to, std::ios::binary).rdbuf();
  EXPECT_EQ(copied.str(), bytes);
}

TEST_F(FileSumTest, StopsWhenItIsTold) {
  const auto sum = sum_of_file(*disk, write("some", "abc"), [](std::uint64_t) { return false; });
  ASSERT_FALSE(sum);
  EXPECT_EQ(sum.error().message(), "interrupted");
}

TEST_F(FileSumTest, NamesAFileThatIsNotThere) {
  const auto sum = sum_of_file(*disk, (folder / "nothing").string(), go_on);
  ASSERT_FALSE(sum);
  EXPECT_NE(sum.error().message().find("nothing"), std::string::npos);
}

}  // namespace
}  // namespace tidemark
