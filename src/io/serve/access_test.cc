// Which requests are refused, as a table.
#include "io/serve/access.h"

#include <gtest/gtest.h>

#include "io/serve/response_header_test.h"

namespace tidemark {
namespace {

constexpr const char* secret = "0123456789abcdef";
constexpr EventTime noon = std::chrono::sys_days{std::chrono::year{2026} / 11 / 22} + std::chrono::hours(12);

Request request(std::string path, std::optional<std::string> host = "localhost:8050") {
  return {.method = "GET", .path = std::move(path), .host = std::move(host)};
}

unsigned status(const std::optional<Response>& refusal) { return refusal ? refusal->status : 200; }

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
    EXPECT_EQ(status(access.refuse(request("/", c.host), noon)), c.status) << c.host.value_or("none");
  }
}

TEST(Access, WantsATokenWhereOthersCanReachIt) {
  const auto open = Access::from({.loopback = false});
  ASSERT_FALSE(open);
  EXPECT_TRUE(open.error().is_setup());
  EXPECT_NE(open.error().message().find("token"), std::string::npos);
  EXPECT_FALSE(Access::from({.loopback = false, .tokens = single_token("short")}));
  EXPECT_FALSE(Access::from({.loopback = true, .tokens = single_token("with a space in it")}));
  EXPECT_TRUE(Access::from({.loopback = false, .tokens = single_token(secret)}));
}

TEST(Access, TakesTheTokenAsBearerOrCookie) {
  const Access access = *Access::from({.loopback = false, .tokens = single_token(secret)});
  Request plain = request("/api/v1/status", "tidemark.example");
  EXPECT_EQ(status(access.refuse(plain, noon)), 401);
  EXPECT_EQ(header(*access.refuse(plain, noon), "WWW-Authenticate"), "Bearer realm=\"tidemark\"");

  Request bearer = plain;
  bearer.authorization = std::string("bearer ") + secret;
  EXPECT_EQ(status(access.refuse(bearer, noon)), 200);
  bearer.authorization = std::string("Bearer ") + secret + "x";
  EXPECT_EQ(status(access.refuse(bearer, noon)), 401);
  bearer.authorization = std::string("Basic ") + secret;
  EXPECT_EQ(status(access.refuse(bearer, noon)), 401);

  Request cookie = plain;
  cookie.cookie = std::string("a=b; tidemark_token=") + secret + "; c=d";
  EXPECT_EQ(status(access.refuse(cookie, noon)), 200);
  cookie.cookie = std::string("xtidemark_token=") + secret;
  EXPECT_EQ(status(access.refuse(cookie, noon)), 401);

  for (const char* open : {"/healthz", "/readyz"}) EXPECT_EQ(status(access.refuse(request(open), noon)), 200) << open;
}

TEST(Access, GivesThePageACookieForATokenInItsAddress) {
  const Access access = *Access::from({.loopback = false, .tokens = single_token(secret)});
  Request page = request("/");
  page.parameters = {{"symbols", "BRK.B,A&B"}, {"token", secret}};
  const auto redirect = access.refuse(page, noon);
  ASSERT_TRUE(redirect);
  EXPECT_EQ(redirect->status, 303u);
  EXPECT_EQ(header(*redirect, "Location"), "/?symbols=BRK.B%2CA%26B");
  const std::string cookie = header(*redirect, "Set-Cookie");
  EXPECT_TRUE(cookie.starts_with(std::string("tidemark_token=") + secret + ";")) << cookie;
  EXPECT_NE(cookie.find("HttpOnly"), cookie.npos);
  EXPECT_NE(cookie.find("SameSite=Strict"), cookie.npos);
  page.parameters = {
      {"token", secret}, {"again", std::string("x") + secret}, {std::string(secret) + "x", ""}, {"a", "b"}};
  EXPECT_EQ(header(*access.refuse(page, noon), "Location"), "/?a=b") << "nowhere in the address";
  page.parameters = {{"token", "wrong"}};
  EXPECT_EQ(status(access.refuse(page, noon)), 401);
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
    EXPECT_EQ(status(access.refuse(live, noon)), c.status) << c.origin.value_or("none");
  }
}

struct TokenCase {
  const char* given;
  EventTime at;
  unsigned status;
};

TEST(Access, TakesEachTokenUntilItsEnd) {
  using std::chrono::hours;
  const char* const forever = "0123456789abcdef-forever";
  const char* const until_one = "0123456789abcdef-until-1";
  Access access = *Access::from({.loopback = false,
                                 .tokens = {{.text = forever, .name = {}, .since = {}, .until = {}},
                                            {.text = until_one, .name = {}, .since = {}, .until = noon + hours(1)}}});
  const TokenCase cases[] = {
      {forever, noon + hours(99), 200},  {until_one, noon, 200}, {until_one, noon + hours(1) - Duration(1), 200},
      {until_one, noon + hours(1), 401}, {secret, noon, 401},    {"", noon, 401}};
  for (const TokenCase& c : cases) {
    Request asked = request("/api/v1/status", "tidemark.example");
    asked.authorization = std::string("Bearer ") + c.given;
    EXPECT_EQ(status(access.refuse(asked, c.at)), c.status) << c.given;
  }
  Request late = request("/api/v1/status");
  late.cookie = std::string("tidemark_token=") + until_one;
  EXPECT_NE(access.refuse(late, noon + hours(2))->body.find("has expired"), std::string::npos);

  Request page = request("/");
  page.parameters = {{"token", until_one}};
  const std::string cookie = header(*access.refuse(page, noon + std::chrono::minutes(30)), "Set-Cookie");
  EXPECT_NE(cookie.find("; Max-Age=1800;"), cookie.npos) << cookie;
  EXPECT_EQ(status(access.refuse(page, noon + hours(1))), 401) << "none for a token that has expired";
}

TEST(Access, KnowsWhatBecameOfAToken) {
  using Standing = Access::Standing;
  const std::string mine = "0123456789abcdef-mine";
  Access access = *Access::from({.loopback = true, .tokens = single_token(mine)});
  Request asked = request("/api/v1/live");
  EXPECT_EQ(access.credential_of(asked, noon), "");
  asked.cookie = "tidemark_token=" + mine;
  EXPECT_EQ(access.credential_of(asked, noon), mine);
  EXPECT_EQ(access.standing_of(mine, noon), Standing::Good);
  EXPECT_EQ(access.standing_of("", noon), Standing::Good) << "who came without one";
  access.set_tokens({{.text = mine, .name = {}, .since = {}, .until = noon}});
  EXPECT_EQ(access.standing_of(mine, noon), Standing::Expired);
  EXPECT_EQ(access.standing_of(mine, noon - Duration(1)), Standing::Good);
  access.set_tokens(single_token("0123456789abcdef-other"));
  EXPECT_EQ(access.standing_of(mine, noon), Standing::Revoked);
  EXPECT_EQ(status(access.refuse(asked, noon)), 401);
}

}  // namespace
}  // namespace tidemark
