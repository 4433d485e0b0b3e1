// Parsing of request targets.
#include "io/net/request_target.h"

#include <gtest/gtest.h>

namespace tidemark {
namespace {

TEST(Target, IsTakenApart) {
  const auto target =
      parse_target("/api/v1/trends?symbol=BRK%2EB&from=2026-11-22+10%3A00:00&&flag&x=a%3Db", Plus::IsSpace);
  ASSERT_TRUE(target);
  EXPECT_EQ(target->path, "/api/v1/trends");
  EXPECT_EQ(target->parameters,
            (Parameters{{"symbol", "BRK.B"}, {"from", "2026-11-22 10:00:00"}, {"flag", ""}, {"x", "a=b"}}));
  EXPECT_EQ(parse_target("/a+b", Plus::IsSpace)->path, "/a+b");  // a plus is a space in a query only
  EXPECT_EQ(parse_target("/?t=09:30+01:00", Plus::IsPlus)->parameters[0].second, "09:30+01:00");
}

TEST(Target, IsRefusedWhenItCannotBeRead) {
  for (const char* target : {"", "*", "http://a/", "/%", "/%4", "/%zz", "/%00", "/?a=%0d%0aSet-Cookie:x", "/%ff",
                             "/?a=%c0%80", "/%ed%a0%80"}) {
    EXPECT_FALSE(parse_target(target, Plus::IsSpace)) << target;
  }
  EXPECT_TRUE(parse_target("/%e2%82%ac", Plus::IsSpace));
}

TEST(Target, IsWrittenBack) { EXPECT_EQ(percent_encode("a b&c=\"ü"), "a%20b%26c%3D%22%C3%BC"); }

}  // namespace
}  // namespace tidemark
