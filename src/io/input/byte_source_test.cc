// ByteSource returns the original bytes, however they were packed and however small the reads are.
#include "io/input/byte_source.h"

#include <gtest/gtest.h>
#include <unistd.h>
#include <zip.h>
#include <zlib.h>
#include <zstd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "io/disk/temporary_folder_test.h"

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

std::string zstd(const std::string& text) {
  ZSTD_CCtx* const packer = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(packer, ZSTD_c_checksumFlag, 1);
  std::string out(ZSTD_compressBound(text.size()), '\0');
  out.resize(ZSTD_compress2(packer, out.data(), out.size(), text.data(), text.size()));
  ZSTD_freeCCtx(packer);
  return out;
}

const std::string skippable_frame = std::string("\x50\x2a\x4d\x18\x03\x00\x00\x00", 8) + "abc";

std::string lines(int count) {
  std::string text;
  for (int number = 0; number < count; ++number) text += "line " + std::to_string(number * 7919) + "\n";
  return text;
}

class ByteSourceTest : public testing::Test {
 protected:
  std::string file(const std::string& content) {
    const std::string path = folder_ + "/input";
    std::ofstream(path, std::ios::binary) << content;
    return path;
  }

  // An archive of these files.
  std::string archive(const std::vector<std::pair<std::string, std::string>>& members) {
    const std::string path = folder_ + "/input.zip";
    std::filesystem::remove(path);
    zip_t* const archive = zip_open(path.c_str(), ZIP_CREATE, nullptr);
    for (const auto& [name, content] : members) {
      if (name.ends_with('/'))
        zip_dir_add(archive, name.c_str(), 0);
      else
        zip_file_add(archive, name.c_str(), zip_source_buffer(archive, content.data(), content.size(), 0), 0);
    }
    EXPECT_EQ(zip_close(archive), 0);
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

  const TemporaryFolder own_;
  const std::string folder_ = own_.path().string();
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
      {"Zstandard", zstd(text), text},
      {"Zstandard of nothing", zstd(""), ""},
      {"three frames, one of them empty", zstd(text) + zstd("") + zstd("end"), text + "end"},
      {"a frame that is skipped, at both ends", skippable_frame + zstd(text) + skippable_frame, text},
      {"no more than the beginnings of magics", "\x28\xb5\x2f", "\x28\xb5\x2f"},
      {"text that begins as an archive does", "PK and more", "PK and more"},
      {"text that begins as a skipped frame does", "P*", "P*"},
      {"a byte order mark", "\xef\xbb\xbf" + text, text},
      {"nothing but a mark", "\xef\xbb\xbf", ""},
      {"half a mark", "\xef\xbb", "\xef\xbb"},
      {"a mark that is none", "\xef\xbb\xbe", "\xef\xbb\xbe"},
      {"one mark goes, the second stays", "\xef\xbb\xbf\xef\xbb\xbf", "\xef\xbb\xbf"},
      {"a mark in gzip", gzip("\xef\xbb\xbf" + text), text},
      {"a mark in Zstandard", zstd("\xef\xbb\xbf" + text), text},
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
  flipped[packed.size() - 6] ^= 1;  // in the checksum
  for (const std::string& content : {packed.substr(0, packed.size() / 2), packed.substr(0, packed.size() - 1),
                                     packed.substr(0, 5), packed + packed.substr(0, 3), packed + "no gzip", flipped}) {
    const std::string path = file(content);
    const Result<std::string> got = read_all(path);
    ASSERT_FALSE(got);
    EXPECT_NE(got.error().message().find(path), std::string::npos) << got.error().message();
    EXPECT_FALSE(got.error().is_retryable());
  }
}

TEST_F(ByteSourceTest, NamesTheZstandardThatIsDamaged) {
  const std::string packed = zstd(lines(1000));
  std::string flipped = packed;
  flipped[packed.size() / 2] ^= 0x55;
  for (const std::string& content : {packed.substr(0, packed.size() / 2), packed.substr(0, packed.size() - 1),
                                     packed + packed.substr(0, 3), packed + "no frame", flipped}) {
    const std::string path = file(content);
    const Result<std::string> got = read_all(path);
    ASSERT_FALSE(got);
    EXPECT_NE(got.error().message().find(path), std::string::npos) << got.error().message();
    EXPECT_FALSE(got.error().is_retryable());
  }
}

TEST_F(ByteSourceTest, ReadsTheOneFileOfAnArchive) {
  const std::string text = lines(30'000);
  for (const std::size_t bite : {1U, 65'536U}) {
    EXPECT_TRUE(read_all(archive({{"bars.csv", text}}), bite) == text);
    EXPECT_TRUE(
        read_all(archive({{"2024/", ""}, {"2024/bars.csv", "\xef\xbb\xbf" + text}, {"__MACOSX/._bars.csv", "x"}}),
                 bite) == text);
  }
}

TEST_F(ByteSourceTest, AnArchiveOfSeveralFilesNamesThem) {
  const Result<std::string> got = read_all(archive({{"a.csv", "1"}, {"b\x1b[31m.csv", "2"}}));
  ASSERT_FALSE(got);
  EXPECT_TRUE(got.error().is_setup());
  // libzip shows the control character as its picture in code page 437.
  EXPECT_NE(got.error().message().find("holds 2 files (a.csv, b\u2190[31m.csv); unpack it"), std::string::npos)
      << got.error().message();
}

TEST_F(ByteSourceTest, SaysWhatIsWrongWithAnArchive) {
  const std::string path = archive({{"bars.csv", lines(5000)}});
  std::ifstream in(path, std::ios::binary);
  const std::string whole((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  std::string flipped = whole;
  flipped[200] ^= 0x55;  // in the packed bytes
  for (const std::string& content : {whole.substr(0, whole.size() / 2), flipped}) {
    const Result<std::string> got = read_all(file(content));
    ASSERT_FALSE(got);
    EXPECT_NE(got.error().message().find("is damaged"), std::string::npos) << got.error().message();
  }
  const Result<std::string> empty = read_all(file(std::string("PK\x05\x06", 4) + std::string(18, '\0')));
  ASSERT_FALSE(empty);
  EXPECT_NE(empty.error().message().find("without a file in it"), std::string::npos) << empty.error().message();
}

TEST_F(ByteSourceTest, AnArchiveInAPipeIsAnErrorWithACure) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  ASSERT_EQ(write(ends[1], "PK\x03\x04", 4), 4);
  close(ends[1]);
  std::string room(100, '\0');
  const auto got = ByteSource::from_descriptor(ends[0], "standard input").read(room);
  close(ends[0]);
  ASSERT_FALSE(got);
  EXPECT_TRUE(got.error().is_setup());
  EXPECT_NE(got.error().message().find("unzip -p"), std::string::npos);
}

// A frame of a few bytes may claim a window of gigabytes.
TEST_F(ByteSourceTest, HoldsNoMoreThanAWindow) {
  // Magic, a descriptor without a single segment, a window descriptor of 2^31 bytes, an empty last block.
  const Result<std::string> got = read_all(file(std::string("\x28\xb5\x2f\xfd\x00\xa8\x01\x00\x00", 9)));
  ASSERT_FALSE(got);
  EXPECT_NE(got.error().message().find("needs more than 128 MB"), std::string::npos) << got.error().message();
}

TEST_F(ByteSourceTest, FileThatIsNotThereIsAnErrorOfTheSetUp) {
  const Result<std::string> got = read_all(folder_ + "/nowhere");
  ASSERT_FALSE(got);
  EXPECT_TRUE(got.error().is_setup());
  EXPECT_EQ(got.error().message(), "cannot read " + folder_ + "/nowhere: No such file or directory");
}

TEST_F(ByteSourceTest, DoesNotWaitForAPipeUnlessAsked) {
  for (const std::string& sent :
       {std::string("hello"), gzip("hello"), zstd("hello"), "\xef\xbb\xbf" + std::string("hello")}) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    ByteSource source = ByteSource::from_descriptor(ends[0], "the pipe");
    std::string room(100, '\0');
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
