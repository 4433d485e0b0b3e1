#include "io/s3/s3_url.h"

#include <gtest/gtest.h>

#include <array>

namespace tidemark {
namespace {

struct GoodUrl {
  std::string_view said, bucket, prefix, text;
};

TEST(S3Url, NamesABucketAndAPrefix) {
  constexpr std::array cases{
      GoodUrl{"s3://lake", "lake", "", "s3://lake"},
      GoodUrl{"s3://lake/", "lake", "", "s3://lake"},
      GoodUrl{"s3://my.lake-1/warehouse/tidemark", "my.lake-1", "warehouse/tidemark",
              "s3://my.lake-1/warehouse/tidemark"},
      GoodUrl{"s3://lake/a/b//", "lake", "a/b", "s3://lake/a/b"},
      GoodUrl{"s3://lake/dt=1 %?&", "lake", "dt=1 %?&", "s3://lake/dt=1 %?&"},
  };
  for (const GoodUrl& each : cases) {
    ASSERT_TRUE(is_s3_url(each.said));
    const auto url = parse_s3_url("lake", each.said);
    ASSERT_TRUE(url) << url.error().message();
    EXPECT_EQ(url->bucket, each.bucket);
    EXPECT_EQ(url->prefix, each.prefix);
    EXPECT_EQ(to_text(*url), each.text);
  }
}

struct BadUrl {
  std::string_view said, why;
};

TEST(S3Url, RefusalsNameTheSettingAndTheCure) {
  constexpr std::array cases{
      BadUrl{"s3a://lake/x", "is no place in S3"},
      BadUrl{"s3:/lake", "is no place in S3"},
      BadUrl{"s3://", "names no bucket"},
      BadUrl{"s3:///lake", "names no bucket"},
      BadUrl{"s3://ab/x", "names no bucket"},
      BadUrl{"s3://Lake/x", "names no bucket"},
      BadUrl{"s3://key:secret@lake/x", "no bucket"},
      BadUrl{"s3://lake_1/x", "names no bucket"},
      BadUrl{"s3://-lake/x", "names no bucket"},
      BadUrl{"s3://la..ke/x", "names no bucket"},
      BadUrl{"s3://lake/a//b", "an empty name"},
      BadUrl{"s3://lake/a/../b", "a dot for a name"},
      BadUrl{"s3://lake/./b", "a dot for a name"},
      BadUrl{"s3://lake//b", "an empty name"},
      BadUrl{"s3://lake/a\nb", "a control character"},
  };
  for (const BadUrl& each : cases) {
    const auto url = parse_s3_url("lake", each.said);
    ASSERT_FALSE(url) << each.said;
    EXPECT_TRUE(url.error().is_setup());
    for (const std::string_view word : {std::string_view("lake: "), each.why, std::string_view("s3://BUCKET/PREFIX")})
      EXPECT_NE(url.error().message().find(word), std::string::npos) << url.error().message();
  }
}

}  // namespace
}  // namespace tidemark
