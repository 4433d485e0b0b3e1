// Which lines result from which bytes, however long they are and however they arrive.
#include "app/filter/line_blocks.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

namespace tidemark {
namespace {

// A file that is removed with the test.
class TemporaryFile {
 public:
  explicit TemporaryFile(std::string_view bytes) {
    ::close(::mkstemp(name_.data()));
    std::ofstream(name_, std::ios::binary) << bytes;
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() { std::filesystem::remove(name_); }
  const std::string& name() const { return name_; }

 private:
  std::string name_ = (std::filesystem::temp_directory_path() / "tidemark-lines-XXXXXX").string();
};

constexpr int never_stopped = -1;  // poll() ignores negative descriptors

// Each line unchanged, an overlong line as its length in brackets, the beginning of a file as a line "^".
std::vector<std::string> lines_of(std::vector<std::string> files) {
  std::vector<std::string> seen;
  auto blocks = LineBlocks::open(std::move(files));
  LineBlock block;
  while (blocks && blocks->next(block, never_stopped).value()) {
    if (block.begins_file) seen.emplace_back("^");
    if (block.overlong) {
      seen.push_back((block.overlong->is_blank ? "blank " : "") + ("[" + std::to_string(block.overlong->bytes_in_all)) +
                     "]");
      continue;
    }
    std::string_view rest = block.lines;
    while (!rest.empty()) {
      const std::string_view line = rest.substr(0, rest.find('\n'));
      seen.emplace_back(line);
      rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    }
  }
  return seen;
}

using Lines = std::vector<std::string>;

TEST(LineBlocks, FilesAreOneAfterTheOtherAndEndTheirLastLine) {
  const TemporaryFile first("one\ntwo"), empty(""), last("three\n");
  EXPECT_EQ(lines_of({first.name(), empty.name(), last.name()}), (Lines{"^", "one", "two", "^", "three"}));
}

TEST(LineBlocks, AnOverlongLineIsOneLineWithItsWholeLength) {
  const TemporaryFile file(std::string(1'000'000, 'x') + "\r\nshort\n" + std::string(300'000, ' '));
  EXPECT_EQ(lines_of({file.name()}), (Lines{"^", "[1000000]", "short", "blank [300000]"}));
}

TEST(LineBlocks, ALineBetweenTwoOverlongLinesIsALine) {
  const TemporaryFile file(std::string(200'000, 'x') + "\nbetween\n" + std::string(400'000, 'y') + "\nlast");
  EXPECT_EQ(lines_of({file.name()}), (Lines{"^", "[200000]", "between", "[400000]", "last"}));
}

TEST(LineBlocks, ALineThatCameWithTheEndOfAnOverlongLineDoesNotWaitForMore) {
  std::array<int, 2> pipe{}, stop{};
  ASSERT_EQ(::pipe(pipe.data()), 0);
  ASSERT_EQ(::pipe(stop.data()), 0);
  const int saved = ::dup(STDIN_FILENO);
  ::dup2(pipe[0], STDIN_FILENO);
  const std::jthread writer([&] {  // a pipe holds less than this
    const std::string bytes = std::string(250'000, 'x') + "\nshort\n";
    std::size_t written = 0;
    while (written < bytes.size())
      written += static_cast<std::size_t>(::write(pipe[1], bytes.data() + written, bytes.size() - written));
  });
  auto blocks = LineBlocks::open({});
  LineBlock block;
  ASSERT_TRUE(blocks && blocks->next(block, never_stopped).value());
  EXPECT_TRUE(block.overlong);
  ASSERT_EQ(::write(stop[1], "x", 1), 1);  // from here on, a wait ends the input
  EXPECT_TRUE(blocks->next(block, stop[0]).value());
  EXPECT_EQ(block.lines, "short\n");
  ::dup2(saved, STDIN_FILENO);
  for (const int descriptor : {pipe[0], pipe[1], stop[0], stop[1], saved}) ::close(descriptor);
}

}  // namespace
}  // namespace tidemark
