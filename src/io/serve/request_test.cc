// Lists of words read, and heads written.
#include "io/serve/request.h"

#include <gtest/gtest.h>

namespace tidemark {
namespace {

TEST(Request, FindsAWordInAHeadersList) {
  for (const char* list : {"close", "Close", " close\t", "x, CLOSE", ",,close", "close,", "keep-alive,close, x"})
    EXPECT_TRUE(has_word(list, "close")) << list;
  for (const char* list : {"", ",", "closed", "a close", "close:", "\"close\"", "clo,se", "close;q=1"})
    EXPECT_FALSE(has_word(list, "close")) << list;
}

TEST(Response, SaysWhyItRefuses) {
  EXPECT_EQ(error_response(400, "limit", "a \"number\"").body,
            R"({"error":{"field":"limit","message":"a \"number\""}})");
  EXPECT_EQ(error_response(404, "", "no").body, R"({"error":{"field":null,"message":"no"}})");
}

TEST(Response, HasAHead) {
  EXPECT_EQ(response_head({.body = "{}"}, AfterAnswer::StayOpen),
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
            "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n"
            "Cross-Origin-Resource-Policy: same-origin\r\n\r\n");
  EXPECT_TRUE(response_head({}, AfterAnswer::Close).ends_with("Connection: close\r\n\r\n"));
  EXPECT_TRUE(response_head({}, AfterAnswer::StayOpenAsAsked).ends_with("Connection: keep-alive\r\n\r\n"));
}

}  // namespace
}  // namespace tidemark
