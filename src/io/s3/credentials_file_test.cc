#include "io/s3/credentials_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace tidemark {
namespace {

class CredentialsFileTest : public ::testing::Test {
 protected:
  ~CredentialsFileTest() override { std::filesystem::remove(path); }
  Result<S3Keys> read(std::string_view text) const {
    std::ofstream(path) << text;
    return read_credentials_file(path);
  }
  std::string path = ::testing::TempDir() + "/s3-keys-" + std::to_string(::getpid());
};

TEST_F(CredentialsFileTest, HoldsTheKeysOfOneProfileAsAmazonsToolsWriteIt) {
  const auto keys = read(
      "# of the lake\r\n[default]\r\naws_access_key_id = AKIAEXAMPLE\r\n"
      "aws_secret_access_key=abc/def+ghi=\r\nregion = eu-central-1\r\n\r\naws_session_token =  longtoken\t\n");
  ASSERT_TRUE(keys) << keys.error().message();
  EXPECT_EQ(keys->id.reveal(), "AKIAEXAMPLE");
  EXPECT_EQ(keys->secret.reveal(), "abc/def+ghi=");
  EXPECT_EQ(keys->token.reveal(), "longtoken");
}

TEST_F(CredentialsFileTest, NeedsNoProfileAndNoToken) {
  const auto keys = read("aws_access_key_id = A\naws_secret_access_key = B");
  ASSERT_TRUE(keys) << keys.error().message();
  EXPECT_EQ(keys->secret.reveal(), "B");
  EXPECT_TRUE(keys->token.empty());
}

TEST_F(CredentialsFileTest, RefusalsNameTheFileAndTheLineAndShowNoKey) {
  struct Case {
    std::string_view text, why;
  };
  for (const Case& each : {
           Case{"", "has no aws_access_key_id"},
           Case{"aws_access_key_id = VERYSECRET\n", "has no aws_secret_access_key"},
           Case{"aws_secret_access_key = VERYSECRET\n", "has no aws_access_key_id"},
           Case{"[a]\naws_access_key_id = VERYSECRET\n[b]\n", "line 3: a second profile"},
           Case{"VERYSECRET\n", "line 1: must be NAME = VALUE"},
           Case{"aws_access_key_id = VERYSECRET\naws_access_key_id = VERYSECRET\n",
                "line 2: says a key for the second"},
       }) {
    const auto keys = read(each.text);
    ASSERT_FALSE(keys) << each.text;
    EXPECT_TRUE(keys.error().is_setup());
    EXPECT_NE(keys.error().message().find(path), std::string::npos) << keys.error().message();
    EXPECT_NE(keys.error().message().find(each.why), std::string::npos) << keys.error().message();
    EXPECT_EQ(keys.error().message().find("VERYSECRET"), std::string::npos) << keys.error().message();
  }
  const auto missing = read_credentials_file("/nowhere/keys");
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().message().find("/nowhere/keys: there is no such file"), std::string::npos);
}

}  // namespace
}  // namespace tidemark
