// Addresses of metastores: what is read, and what is refused.
#include "io/hive/hive_url.h"

#include <gtest/gtest.h>

namespace tidemark {
namespace {

TEST(HiveUrl, ReadsServersPortsAndAUser) {
  const auto one = parse_hive_url("hive", "thrift://metastore");
  ASSERT_TRUE(one);
  EXPECT_EQ(one->servers, (std::vector<HiveServer>{{"metastore", 9083}}));
  EXPECT_TRUE(one->user.empty());
  const auto two = parse_hive_url("hive", "thrift://etl@hms1:9084,hms2.example");
  ASSERT_TRUE(two);
  EXPECT_EQ(two->servers, (std::vector<HiveServer>{{"hms1", 9084}, {"hms2.example", 9083}}));
  EXPECT_EQ(two->user, "etl");
  EXPECT_EQ(to_text(*two), "thrift://hms1:9084,hms2.example:9083");
}

// As hive-site.xml has them in hive.metastore.uris.
TEST(HiveUrl, ReadsTheListOfHivesOwnConfiguration) {
  const auto two = parse_hive_url("hive", "thrift://hms1:9083,thrift://hms2:9083/");
  ASSERT_TRUE(two);
  EXPECT_EQ(two->servers, (std::vector<HiveServer>{{"hms1", 9083}, {"hms2", 9083}}));
}

TEST(HiveUrl, ReadsAddressesOfIpv6) {
  const auto six = parse_hive_url("hive", "thrift://[::1]:9083,[fe80::1]");
  ASSERT_TRUE(six);
  EXPECT_EQ(six->servers, (std::vector<HiveServer>{{"::1", 9083}, {"fe80::1", 9083}}));
  EXPECT_EQ(to_text(*six), "thrift://[::1]:9083,[fe80::1]:9083");
}

TEST(HiveUrl, RefusesWhatIsNoAddressAndSaysHowToWriteOne) {
  for (const std::string_view text :
       {"metastore:9083", "http://metastore:9083", "thrift://", "thrift://:9083",
        "thrift://metastore:", "thrift://metastore:0", "thrift://metastore:99999", "thrift://a,,b", "thrift://a,",
        "thrift://@a", "thrift://a b", "thrift://[::1", "thrift://[::1]x"}) {
    const auto url = parse_hive_url("hive", text);
    ASSERT_FALSE(url) << text;
    EXPECT_TRUE(url.error().is_setup());
    EXPECT_NE(url.error().message().find("thrift://HOST:9083"), std::string::npos);
  }
}

}  // namespace
}  // namespace tidemark
