// Reading from another machine: how often it is asked, and for what.
#include "io/disk/remote_disk.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace tidemark {
namespace {

using Piece = std::pair<std::uint64_t, std::size_t>;  // offset and length

// The byte at each place is that place, modulo 251.
class CountedReader final : public RemoteReader {
 public:
  using RemoteReader::RemoteReader;
  mutable std::vector<Piece> asked;
  mutable bool fails = false;

 private:
  Result<void> read_piece(std::uint64_t offset, std::span<char> into) const override {
    asked.emplace_back(offset, into.size());
    if (fails) return std::unexpected(Error::retryable("away"));
    for (std::size_t i = 0; i < into.size(); ++i) into[i] = static_cast<char>((offset + i) % 251);
    return {};
  }
};

TEST(RemoteReader, AsksOnceForASmallFile) {
  const CountedReader reader(1 << 20);
  std::string piece(4, '-');
  reader.fails = true;
  EXPECT_FALSE(reader.read(0, piece));
  reader.fails = false;
  EXPECT_EQ(reader.read(250, piece), 4U);
  EXPECT_EQ(piece, std::string("\xfa\0\1\2", 4));
  EXPECT_EQ(reader.read((1 << 20) - 3, piece), 3U);  // 2^20 is 4177 · 251 + 149
  EXPECT_EQ(piece, std::string("\x92\x93\x94\2", 4));
  EXPECT_EQ(reader.read(1 << 20, piece), 0U);
  EXPECT_EQ(reader.asked, (std::vector<Piece>{{0, 1 << 20}, {0, 1 << 20}})) << "again only after a failure";
}

TEST(RemoteReader, AsksForEachPieceOfABigFile) {
  const CountedReader reader((1 << 20) + 1);
  std::string piece(4, '-');
  EXPECT_EQ(reader.read(250, piece), 4U);
  EXPECT_EQ(piece, std::string("\xfa\0\1\2", 4));
  EXPECT_EQ(reader.read((1 << 20) - 1, piece), 2U);
  EXPECT_EQ(piece, std::string("\x94\x95\1\2", 4));
  EXPECT_EQ(reader.asked, (std::vector<Piece>{{250, 4}, {(1 << 20) - 1, 2}}));
}

TEST(RemoteReader, AsksForNothingWhereNothingIsToBeRead) {
  const CountedReader reader(7), empty(0);
  std::string piece(4, '-');
  EXPECT_EQ(reader.read(3, {}), 0U);
  EXPECT_EQ(empty.read(0, piece), 0U);
  EXPECT_EQ(reader.asked.size() + empty.asked.size(), 0U);
}

}  // namespace
}  // namespace tidemark
