// Targets taken apart, heads written.
#include "io/serve/request.h"

#include <gtest/gtest.h>

namespace tidemark {
namespace {

TEST(Target, IsTakenApart) {
  const auto target = parse_target("/api/v1/trends?symbol=BRK%2EB&from=2026-11-22+10%3A00:00&&flag&x=a%3Db");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->path, "/api/v1/trends");
  EXPECT_EQ(target->parameters,
            (Parameters{{"symbol", "BRK.B"}, {"from", "2026-11-22 10:00:00"}, {"flag", ""}, {"x", "a=b"}}));
  EXPECT_EQ(parse_target("/a+b")->path, "/a+b");  // a plus is a space in a query only
}

TEST(Target, IsRefusedWhenItCannotBeRead) {
  for (const char* target : {"", "*", "http://a/", "/%", "/%4", "/%zz", "/%00", "/?a=%0d%0aSet-Cookie:x", "/%ff",
                             "/?a=%c0%80", "/%ed%a0%80"}) {
    EXPECT_FALSE(parse_target(target)) << target;
  }
  EXPECT_TRUE(parse_target("/%e2%82%ac"));
}

TEST(Target, IsWrittenBack) { EXPECT_EQ(percent_encode("a b&c=\"ü"), "a%20b%26c%3D%22%C3%BC"); }

TEST(Response, SaysWhyItRefuses) {
  EXPECT_EQ(error_response(400, "limit", "a \"number\"").body,
            R"({"error":{"field":"limit","message":"a \"number\""}})");
  EXPECT_EQ(error_response(404, "", "no").body, R"({"error":{"field":null,"message":"no"}})");
}

TEST(Response, HasAHead) {
  EXPECT_EQ(response_head({.body = "{}"}, true),
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
            "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n"
            "Cross-Origin-Resource-Policy: same-origin\r\n\r\n");
  EXPECT_TRUE(response_head({}, false).ends_with("Connection: close\r\n\r\n"));
}

}  // namespace
}  // namespace tidemark
