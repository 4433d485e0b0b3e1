#include "io/hdfs/hdfs_url.h"

#include <gtest/gtest.h>

namespace tidemark {
namespace {

TEST(HdfsUrl, IsReadAsAPersonWritesIt) {
  const auto one = parse_hdfs_url("--lake", "webhdfs://namenode/warehouse/tidemark/");
  ASSERT_TRUE(one) << one.error().message();
  EXPECT_EQ(one->namenodes, std::vector<std::string>{"http://namenode:9870"});
  EXPECT_EQ(one->folder, "/warehouse/tidemark");
  EXPECT_EQ(one->user, "");
  const auto two = parse_hdfs_url("--lake", "webhdfs+https://etl@nn1.example.org:9871,[::1]/lake");
  ASSERT_TRUE(two) << two.error().message();
  EXPECT_EQ(two->namenodes, (std::vector<std::string>{"https://nn1.example.org:9871", "https://[::1]:9871"}));
  EXPECT_EQ(two->user, "etl");
}

TEST(HdfsUrl, IsRefusedWithTheSettingAndTheForm) {
  for (const char* const text : {"hdfs://namenode/lake", "webhdfs://namenode", "webhdfs://namenode/", "webhdfs:///lake",
                                 "webhdfs://a b/lake", "webhdfs://namenode:port/lake",
                                 "webhdfs://namenode/lake/../other", "webhdfs://a,,b/lake", "webhdfs://@host/lake"}) {
    const auto url = parse_hdfs_url("--lake", text);
    ASSERT_FALSE(url) << text;
    EXPECT_TRUE(url.error().is_setup());
    EXPECT_NE(url.error().message().find("--lake: \"" + std::string(text) + "\""), std::string::npos);
    EXPECT_NE(url.error().message().find("webhdfs://HOST:9870/FOLDER"), std::string::npos);
  }
}

}  // namespace
}  // namespace tidemark
