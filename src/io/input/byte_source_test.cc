// ByteSource: what comes out is what went in, however it was packed and however small the bites.
#include "io/input/byte_source.h"

#include <gtest/gtest.h>
#include <unistd.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace tidemark {
namespace {

std::string gzip(const std::string& text) {
  z_stream packer{};
  EXPECT_EQ(deflateInit2(&packer, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(text.size() + 1024, '\0');
  packer.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  packer.avail_in = static_cast<uInt>(text.size());
  packer.next_out = reinterpret_cast<Bytef*>(out.data());
  packer.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&packer, Z_FINISH), Z_STREAM_END);
  out.resize(packer.total_out);
  deflateEnd(&packer);
  return out;
}

std::string lines(int count) {
  std::string text;
  for (int number = 0; number < count; ++number) text += "line " + std::to_string(number * 7919) + "\n";
  return text;
}

class ByteSourceTest : public testing::Test {
 protected:
  ByteSourceTest() {
    std::string pattern = testing::TempDir() + "tidemark-bytes-XXXXXX";
    folder_ = mkdtemp(pattern.data());
  }
  ~ByteSourceTest() override { std::filesystem::remove_all(folder_); }

  std::string file(const std::string& content) {
    const std::string path = folder_ + "/input";
    std::ofstream(path, std::ios::binary) << content;
    return path;
  }

  static Result<std::string> read_all(const std::string& path, std::size_t bite = 65'536) {
    Result<ByteSource> source = ByteSource::open(path);
    if (!source) return std::unexpected(source.error());
    std::string all, room(bite, '\0');
    for (;;) {
      Result<std::size_t> got = source->read(room);
      if (!got) return std::unexpected(got.error());
      if (*got == 0) return all;
      all.append(room, 0, *got);
    }
  }

  std::string folder_;
};

TEST_F(ByteSourceTest, GivesWhatTheFileHolds) {
  const std::string text = lines(30'000);
  const struct {
    const char* when;
    std::string content, expected;
  } cases[] = {
      {"plain", text, text},
      {"empty", "", ""},
      {"one byte", "x", "x"},
      {"half of the magic", "\x1f", "\x1f"},
      {"gzip", gzip(text), text},
      {"gzip of nothing", gzip(""), ""},
      {"three members, one of them empty", gzip(text) + gzip("") + gzip("end"), text + "end"},
      {"padded with zeros", gzip(text) + std::string(512, '\0'), text},
  };
  for (const auto& [when, content, expected] : cases) {
    for (const std::size_t bite : {1U, 7U, 65'536U}) {
      SCOPED_TRACE(std::string(when) + " in bites of " + std::to_string(bite));
      const Result<std::string> got = read_all(file(content), bite);
      ASSERT_TRUE(got) << got.error().message();
      EXPECT_TRUE(*got == expected);
    }
  }
}

TEST_F(ByteSourceTest, NamesTheFileThatIsDamaged) {
  const std::string packed = gzip(lines(1000));
  std::string flipped = packed;
  flipped[packed.size() - 6] ^= 1;  // in the check sum
  for (const std::string& content : {packed.substr(0, packed.size() / 2), packed.substr(0, packed.size() - 1),
                                     packed.substr(0, 5), packed + packed.substr(0, 3), packed + "no gzip", flipped}) {
    const std::string path = file(content);
    const Result<std::string> got = read_all(path);
    ASSERT_FALSE(got);
    EXPECT_NE(got.error().message().find(path), std::string::npos) << got.error().message();
    EXPECT_FALSE(got.error().is_retryable());
  }
}

TEST_F(ByteSourceTest, FileThatIsNotThereIsAnErrorOfTheSetUp) {
  const Result<std::string> got = read_all(folder_ + "/nowhere");
  ASSERT_FALSE(got);
  EXPECT_TRUE(got.error().is_setup());
  EXPECT_EQ(got.error().message(), "cannot open " + folder_ + "/nowhere: No such file or directory");
}

TEST_F(ByteSourceTest, DoesNotWaitForAPipeUnlessAsked) {
  for (const bool packed : {false, true}) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    ByteSource source = ByteSource::from_descriptor(ends[0], "the pipe");
    std::string room(100, '\0');
    const std::string sent = packed ? gzip("hello") : "hello";
    std::string got;
    for (const char byte : sent) {
      Result<std::optional<std::size_t>> some = source.read_available(room);
      ASSERT_TRUE(some);
      EXPECT_TRUE(!some->has_value()) << "nothing has come";
      ASSERT_EQ(write(ends[1], &byte, 1), 1);
      while ((some = source.read_available(room)) && some->has_value()) got.append(room, 0, **some);
      ASSERT_TRUE(some);
    }
    EXPECT_EQ(got, "hello");
    close(ends[1]);
    EXPECT_EQ(source.read_available(room).value(), std::optional<std::size_t>(0));
    EXPECT_EQ(source.read(room).value(), 0U);
    close(ends[0]);
  }
}

TEST_F(ByteSourceTest, KnowsHowFarItIs) {
  const std::string packed = gzip(lines(5000));
  Result<ByteSource> source = ByteSource::open(file(packed));
  ASSERT_TRUE(source);
  EXPECT_EQ(source->size(), packed.size());
  EXPECT_EQ(source->bytes_consumed(), 0U);
  std::string room(1 << 20, '\0');
  while (source->read(room).value() > 0) {
  }
  EXPECT_EQ(source->bytes_consumed(), packed.size());
}

}  // namespace
}  // namespace tidemark
