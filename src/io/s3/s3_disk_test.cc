// S3Disk on a real server of S3 (./dev test s3 starts one): TIDEMARK_TEST_S3 holds its address, s3://BUCKET/PREFIX, and
// TIDEMARK_TEST_S3_ENDPOINT, TIDEMARK_TEST_S3_KEY and TIDEMARK_TEST_S3_SECRET how to reach it.
#include "io/s3/s3_disk.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "io/disk/disk_folder_test.h"
#include "io/s3/s3_url.h"
#include "run/interfaces/disk_conformance_test.h"

namespace tidemark {
namespace {

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  return value != nullptr ? value : "";
}

S3Access access_under_test(std::string secret = variable("TIDEMARK_TEST_S3_SECRET")) {
  return {.endpoint = variable("TIDEMARK_TEST_S3_ENDPOINT"),
          .region = "",
          .keys = {.id = Secret(variable("TIDEMARK_TEST_S3_KEY")), .secret = Secret(std::move(secret)), .token = {}},
          .ca_file = ""};
}

S3Url place_under_test() {
  const auto url = parse_s3_url("TIDEMARK_TEST_S3", variable("TIDEMARK_TEST_S3"));
  return url.value_or(S3Url{});
}

// A folder of the bucket that the environment names.
class S3UnderTest final : public DiskUnderTest {
 public:
  S3UnderTest() : folder_(to_text(place_under_test()) + "/conformance") {
    disk_ = make_s3_disk(access_under_test(), place_under_test().bucket, *local_, ::testing::TempDir());
  }
  ~S3UnderTest() override {
    const auto removed = disk_->remove_folder(folder_);
    EXPECT_TRUE(removed) << removed.error().message();
  }
  Disk& disk() override { return *disk_; }
  std::string folder() const override { return folder_; }

 private:
  std::unique_ptr<Disk> local_ = make_posix_disk(), disk_;
  std::string folder_;
};

// Empty where no S3 is named, so that nothing is skipped.
std::vector<MakeDiskUnderTest> named_s3() {
  if (variable("TIDEMARK_TEST_S3").empty()) return {};
  return {[] { return std::make_unique<S3UnderTest>(); }};
}
INSTANTIATE_TEST_SUITE_P(S3, DiskConformance, testing::ValuesIn(named_s3()));

class S3DiskTest : public DiskFolderTest {
 protected:
  void SetUp() override {
    if (variable("TIDEMARK_TEST_S3").empty()) GTEST_SKIP() << "TIDEMARK_TEST_S3 names no bucket";
    folder = to_text(place_under_test()) + "/" + ::testing::UnitTest::GetInstance()->current_test_info()->name();
    disk = disk_with(access_under_test());
    ASSERT_TRUE(disk->remove_folder(folder));
  }

  std::unique_ptr<Disk> disk_with(const S3Access& access, std::string bucket = place_under_test().bucket) {
    return make_s3_disk(access, std::move(bucket), *local, ::testing::TempDir());
  }
};

char byte_at(std::size_t at, std::size_t block) { return static_cast<char>(at * 31 + block); }

TEST_F(S3DiskTest, ABigFileIsSentInPartsWhileItIsMadeAndReadInPieces) {
  constexpr std::size_t block_bytes = 1 << 20, blocks = 24;
  std::string block(block_bytes, '\0');
  const auto file = disk->create(path("big"));
  ASSERT_TRUE(file) << file.error().message();
  for (std::size_t i = 0; i < blocks; ++i) {
    for (std::size_t at = 0; at < block_bytes; ++at) block[at] = byte_at(at, i);
    const auto appended = (*file)->append(block);
    ASSERT_TRUE(appended) << appended.error().message();
  }
  EXPECT_EQ(disk->list(folder), std::vector<std::string>{}) << "not before its end";
  const auto synced = (*file)->sync();
  ASSERT_TRUE(synced) << synced.error().message();
  const auto reader = disk->open(path("big"));
  ASSERT_TRUE(reader);
  EXPECT_EQ((*reader)->size(), blocks * block_bytes);
  std::string piece(1000, '-');
  EXPECT_EQ((*reader)->read(20 * block_bytes - 500, piece), 1000U);
  for (std::size_t at = 0; at < 500; ++at) {
    ASSERT_EQ(piece[at], byte_at(block_bytes - 500 + at, 19));
    ASSERT_EQ(piece[500 + at], byte_at(at, 20));
  }
  EXPECT_EQ((*reader)->read(blocks * block_bytes - 10, piece), 10U);
}

TEST_F(S3DiskTest, ABigFileThatIsGivenUpLeavesNothing) {
  {
    const auto file = disk->create(path("big"));
    ASSERT_TRUE(file);
    for (int i = 0; i < 24; ++i) ASSERT_TRUE((*file)->append(std::string(1 << 20, 'x')));
  }
  EXPECT_EQ(disk->list(folder), std::vector<std::string>{});
  EXPECT_FALSE(disk->open(path("big")));
}

TEST_F(S3DiskTest, TakesNamesThatAUrlWouldEncode) {
  write("dt=2026-11-22/.a b%?#+&", "x");
  EXPECT_EQ(disk->list(path("dt=2026-11-22")), std::vector<std::string>{".a b%?#+&"});
  EXPECT_EQ(bytes_of("dt=2026-11-22/.a b%?#+&"), "x");
}

TEST_F(S3DiskTest, ListsAFolderOfMoreObjectsThanOneAnswerHolds) {
  for (int i = 0; i < 1'003; ++i) write("many/f" + std::to_string(10'000 + i), "");
  const auto names = disk->list(path("many"));
  ASSERT_TRUE(names) << names.error().message();
  EXPECT_EQ(names->size(), 1'003U);
  EXPECT_EQ(names->back(), "f11002");
}

TEST_F(S3DiskTest, TheProbeLeavesNothingBehind) {
  const auto probed = probe_s3(*disk, folder);
  ASSERT_TRUE(probed) << probed.error().message();
  EXPECT_EQ(disk->list(folder), std::vector<std::string>{});
}

// The server of the stage knows the key's id and checks its signature.
TEST_F(S3DiskTest, TheProbeToldWithAWrongKeyNamesTheSettingsAndShowsNoKey) {
  const std::string wrong = "wrongsecretwrongsecret";
  const auto other = disk_with(access_under_test(wrong));
  const auto probed = probe_s3(*other, folder);
  ASSERT_FALSE(probed);
  EXPECT_TRUE(probed.error().is_setup()) << probed.error().message();
  for (const char* const word : {"AWS_SECRET_ACCESS_KEY", "s3-credentials-file", "SIGNATURE_DOES_NOT_MATCH"})
    EXPECT_NE(probed.error().message().find(word), std::string::npos) << probed.error().message();
  for (const std::string& key : {wrong, variable("TIDEMARK_TEST_S3_KEY"), variable("TIDEMARK_TEST_S3_SECRET")})
    EXPECT_EQ(probed.error().message().find(key), std::string::npos) << probed.error().message();
}

TEST_F(S3DiskTest, AMissingBucketIsNoEmptyFolder) {
  const auto other = disk_with(access_under_test(), "tidemark-no-such-bucket");
  const auto listed = other->list("s3://tidemark-no-such-bucket/lake");
  ASSERT_FALSE(listed);
  EXPECT_NE(listed.error().message().find("bucket"), std::string::npos) << listed.error().message();
  const auto probed = probe_s3(*other, "s3://tidemark-no-such-bucket/lake");
  ASSERT_FALSE(probed);
  EXPECT_TRUE(probed.error().is_setup()) << probed.error().message();
}

TEST_F(S3DiskTest, AServerThatIsNotThereIsNoMatterOfTheSettings) {
  S3Access access = access_under_test();
  access.endpoint = "http://127.0.0.1:9";  // discard: nothing listens there
  const auto probed = probe_s3(*disk_with(access), folder);
  ASSERT_FALSE(probed);
  EXPECT_FALSE(probed.error().is_setup());
  EXPECT_FALSE(probed.error().is_retryable());
  EXPECT_NE(probed.error().message().find("s3-endpoint"), std::string::npos) << probed.error().message();
}

}  // namespace
}  // namespace tidemark
