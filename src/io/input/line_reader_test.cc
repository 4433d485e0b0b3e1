// Lines by the contract (contract/semantics.md §1.1, §1.2, §1.3).
#include "io/input/line_reader.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <string>
#include <thread>
#include <vector>

namespace tidemark {
namespace {

// Sends the text through a pipe in pieces and returns the records.
std::vector<std::string> records_of(const std::string& text, std::size_t piece) {
  int ends[2];
  EXPECT_EQ(pipe(ends), 0);
  std::jthread sender([&] {
    for (std::size_t at = 0; at < text.size(); at += piece) {
      const std::size_t size = std::min(piece, text.size() - at);
      EXPECT_EQ(write(ends[1], text.data() + at, size), static_cast<ssize_t>(size));
    }
    close(ends[1]);
  });
  LineReader reader(ByteSource::from_descriptor(ends[0], "the pipe"));
  std::vector<std::string> records;
  while (reader.next().value() == LineReader::Found::Record) records.emplace_back(reader.record());
  EXPECT_EQ(reader.next().value(), LineReader::Found::End) << "and stays there";
  close(ends[0]);
  return records;
}

TEST(LineReader, FindsTheRecords) {
  const std::string full(65'536, 'x'), over(65'537, 'x');
  const struct {
    const char* when;
    std::string text;
    std::vector<std::string> expected;
  } cases[] = {
      {"nothing", "", {}},
      {"one line", "a\n", {"a"}},
      {"the last line needs no LF", "a\nb", {"a", "b"}},
      {"one CR goes, a second stays", "a\r\nb\r\r\nc\rd\n", {"a", "b\r", "c\rd"}},
      {"a CR at the very end goes, too", "a\r", {"a"}},
      {"blank lines are skipped", "\n \n\t\r\n\r\r\na\n   ", {"a"}},
      {"however long they are", std::string(200'000, ' ') + "\na\n" + std::string(100'000, '\t'), {"a"}},
      {"blanks around a record stay", "  a \t\n", {"  a \t"}},
      {"a line long of blanks that ends with a record is one",
       std::string(70'000, ' ') + "a\n",
       {std::string(65'537, ' ')}},
      {"a record of full length", full + "\n" + full + "\r\nb", {full, full, "b"}},
      {"a longer one is cut", over + "\n" + over + "\r\n" + std::string(300'000, 'x') + "\nb", {over, over, over, "b"}},
      {"NUL and wrong UTF-8 are bytes like others", std::string("a\0b\n\xff\n", 6), {std::string("a\0b", 3), "\xff"}},
  };
  for (const auto& [when, text, expected] : cases) {
    for (const std::size_t piece : {1'000'000U, 4'099U}) {
      SCOPED_TRACE(when);
      EXPECT_TRUE(records_of(text, piece) == expected);
    }
  }
  EXPECT_EQ(records_of("a\r\n\r\n b\n", 1), (std::vector<std::string>{"a", " b"}));
}

TEST(LineReader, KnowsTheLengthOfWhatItCut) {
  const std::string text = std::string(65'537, 'x') + "\n" + std::string(300'000, 'x') + "\r\nshort\n";
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  std::jthread sender([&] {
    for (std::size_t at = 0; at < text.size();)
      at += static_cast<std::size_t>(write(ends[1], text.data() + at, text.size() - at));
    close(ends[1]);
  });
  LineReader reader(ByteSource::from_descriptor(ends[0], "the pipe"));
  std::vector<std::size_t> lengths;
  while (reader.next().value() == LineReader::Found::Record) lengths.push_back(reader.bytes_in_all());
  EXPECT_EQ(lengths, (std::vector<std::size_t>{0, 300'000, 0}));
  close(ends[0]);
}

}  // namespace
}  // namespace tidemark
