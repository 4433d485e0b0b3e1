// Who may ask: a table of sentences.
#include "io/serve/access.h"

#include <gtest/gtest.h>

namespace tidemark {
namespace {

constexpr const char* secret = "0123456789abcdef";

Request request(std::string path, std::optional<std::string> host = "localhost:8050") {
  return {.method = "GET", .path = std::move(path), .host = std::move(host)};
}

unsigned status(const std::optional<Response>& refusal) { return refusal ? refusal->status : 200; }

std::string header(const Response& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return "";
}

TEST(Access, KnowsLoopbackByName) {
  for (const char* name : {"localhost", "LOCALHOST", "tidemark.localhost", "127.0.0.1", "127.1.2.3", "::1"}) {
    EXPECT_TRUE(is_loopback_name(name)) << name;
  }
  for (const char* name : {"", "evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "127.evil",
                           "0.0.0.0", "10.0.0.1", "::2"}) {
    EXPECT_FALSE(is_loopback_name(name)) << name;
  }
}

TEST(Access, TurnsForeignHostNamesAwayOnLoopback) {
  const Access access = *Access::from({.loopback = true, .allowed_hosts = {"desk.example"}});
  struct Case {
    std::optional<std::string> host;
    unsigned status;
  };
  const Case cases[] = {{"localhost:8050", 200},
                        {"127.0.0.1:8050", 200},
                        {"[::1]:8050", 200},
                        {"Desk.Example", 200},
                        {"evil.example", 403},
                        {"evil.example:8050", 403},
                        {std::nullopt, 400},
                        {"", 400},
                        {"localhost:", 200},
                        {"localhost:80:80", 400},
                        {"localhost:x", 400},
                        {"[::1", 400},
                        {"[::1]evil", 400},
                        {"[]", 400},
                        {"::1", 400},
                        {"localhost:123456", 400}};
  for (const Case& c : cases) {
    EXPECT_EQ(status(access.refuse(request("/", c.host))), c.status) << c.host.value_or("none");
  }
}

TEST(Access, WantsATokenWhereOthersCanReachIt) {
  const auto open = Access::from({.loopback = false});
  ASSERT_FALSE(open);
  EXPECT_TRUE(open.error().is_setup());
  EXPECT_NE(open.error().message().find("token"), std::string::npos);
  EXPECT_FALSE(Access::from({.loopback = false, .token = "short"}));
  EXPECT_FALSE(Access::from({.loopback = true, .token = "with a space in it"}));
  EXPECT_TRUE(Access::from({.loopback = false, .token = secret}));
}

TEST(Access, TakesTheTokenAsBearerOrCookie) {
  const Access access = *Access::from({.loopback = false, .token = secret});
  Request plain = request("/api/v1/status", "tidemark.example");
  EXPECT_EQ(status(access.refuse(plain)), 401);
  EXPECT_EQ(header(*access.refuse(plain), "WWW-Authenticate"), "Bearer realm=\"tidemark\"");

  Request bearer = plain;
  bearer.authorization = std::string("bearer ") + secret;
  EXPECT_EQ(status(access.refuse(bearer)), 200);
  bearer.authorization = std::string("Bearer ") + secret + "x";
  EXPECT_EQ(status(access.refuse(bearer)), 401);
  bearer.authorization = std::string("Basic ") + secret;
  EXPECT_EQ(status(access.refuse(bearer)), 401);

  Request cookie = plain;
  cookie.cookie = std::string("a=b; tidemark_token=") + secret + "; c=d";
  EXPECT_EQ(status(access.refuse(cookie)), 200);
  cookie.cookie = std::string("xtidemark_token=") + secret;
  EXPECT_EQ(status(access.refuse(cookie)), 401);

  for (const char* open : {"/healthz", "/readyz"}) EXPECT_EQ(status(access.refuse(request(open))), 200) << open;
}

TEST(Access, GivesThePageACookieForATokenInItsAddress) {
  const Access access = *Access::from({.loopback = false, .token = secret});
  Request page = request("/");
  page.parameters = {{"symbols", "BRK.B,A&B"}, {"token", secret}};
  const auto redirect = access.refuse(page);
  ASSERT_TRUE(redirect);
  EXPECT_EQ(redirect->status, 303u);
  EXPECT_EQ(header(*redirect, "Location"), "/?symbols=BRK.B%2CA%26B");
  const std::string cookie = header(*redirect, "Set-Cookie");
  EXPECT_TRUE(cookie.starts_with(std::string("tidemark_token=") + secret + ";")) << cookie;
  EXPECT_NE(cookie.find("HttpOnly"), cookie.npos);
  EXPECT_NE(cookie.find("SameSite=Strict"), cookie.npos);
  page.parameters = {{"token", "wrong"}};
  EXPECT_EQ(status(access.refuse(page)), 401);
}

TEST(Access, LetsOnlyPagesOfThisHostChangeOrListen) {
  const Access access = *Access::from({.loopback = true, .allowed_origins = {"https://desk.example"}});
  struct Case {
    std::optional<std::string> origin;
    unsigned status;
  };
  const Case cases[] = {{std::nullopt, 200},
                        {"http://localhost:8050", 200},
                        {"https://desk.example", 200},
                        {"http://localhost:9999", 403},
                        {"http://localhost", 403},
                        {"https://evil.example", 403},
                        {"null", 403},
                        {"", 403}};
  for (const Case& c : cases) {
    Request live = request("/api/v1/live");
    live.origin = c.origin;
    EXPECT_EQ(status(access.refuse_origin(live)), c.status) << c.origin.value_or("none");
    live.method = "POST";
    EXPECT_EQ(status(access.refuse(live)), c.status) << c.origin.value_or("none");
  }
}

TEST(Access, ComparesWhole) {
  EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
  for (const char* other : {"", "ab", "abcd", "abd", "xbc"})
    EXPECT_FALSE(equal_in_constant_time(other, "abc")) << other;
}

}  // namespace
}  // namespace tidemark
