#include "io/alpaca_server/rest_api.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "io/alpaca_server/rate_limit.h"
#include "io/alpaca_server/tape_fixture_test.h"
#include "io/net/json_value.h"

namespace tidemark {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

class RestApiTest : public testing::Test {
 protected:
  RestApiTest()
      : tape_({numbered_tape("MSFT", noon, 7), numbered_tape("AAPL", noon, 10), numbered_tape("BTC/USD", noon, 5),
               numbered_tape("LATER", noon + minutes(600), 5)}) {}

  RestReply get(const std::string& target) {
    auto request = parse_rest_target(target);
    request->key = "key";
    request->secret = "secret";
    return api_.answer(*request, noon + minutes(60), noon);
  }
  JsonValue json(const std::string& target) { return *parse_json(get(target).body); }

  // Symbol and time of every bar, page by page.
  std::vector<std::string> all(const std::string& target) {
    std::vector<std::string> places;
    std::string token;
    for (int page = 0; page < 100; ++page) {
      const JsonValue answer = json(target + (token.empty() ? "" : "&page_token=" + token));
      const JsonValue& bars = *answer.find("bars");
      for (std::size_t i = 0; i < bars.names.size(); ++i)
        for (const JsonValue& bar : bars.items[i].items) places.push_back(bars.names[i] + " " + *bar.text_of("t"));
      const auto next = answer.text_of("next_page_token");
      if (!next) return places;
      token = *next;
    }
    return {"no end"};
  }

  MarketTape tape_;
  Faults faults_{{}};
  ApiKeys keys_{{}};
  RestApi api_{tape_, faults_, keys_, {.calls_a_minute = 0}};
};

TEST_F(RestApiTest, ABarHasExactlyItsDigits) {
  const auto reply = get("/v2/stocks/AAPL/bars?timeframe=1Min&start=2026-01-05T12:03:00Z&limit=1");
  EXPECT_EQ(reply.body,
            R"({"bars":[{"c":104,"h":105,"l":102,"n":13,"o":103,"t":"2026-01-05T12:03:00Z","v":1003,"vw":103.5}],)"
            R"("symbol":"AAPL","next_page_token":"QUFQTHxNfDIwMjYtMDEtMDVUMTI6MDQ6MDBa"})");
}

TEST_F(RestApiTest, PagesOfAnySizeHaveEachBarOnceAndInOrder) {
  for (const char* sort : {"asc", "desc"})
    for (const char* timeframe : {"1Min", "3Min"}) {
      const std::string target = fmt::format(
          "/v2/stocks/bars?symbols=MSFT,NONE,AAPL,LATER,AAPL&timeframe={}&start=2026-01-05T12:00:00Z&sort={}",
          timeframe, sort);
      const auto whole = all(target);
      EXPECT_EQ(whole.size(), *timeframe == '1' ? 17u : 7u);
      EXPECT_EQ(whole.front().substr(0, 4), "AAPL");
      for (int limit = 1; limit <= 18; ++limit)
        EXPECT_EQ(all(fmt::format("{}&limit={}", target, limit)), whole) << limit;
    }
}

TEST_F(RestApiTest, ATokenIsNotMovedByBarsThatComeMeanwhile) {
  const std::string target = "/v2/stocks/bars?symbols=AAPL&timeframe=1Min&start=2026-01-05T12:00:00Z&limit=5";
  const auto at_once = all(target);
  auto request = parse_rest_target(target);
  request->key = request->secret = "x";
  const auto early = parse_json(api_.answer(*request, noon + minutes(6), noon).body);
  request->parameters.emplace_back("page_token", *early->text_of("next_page_token"));
  const auto rest = parse_json(api_.answer(*request, noon + minutes(60), noon).body);
  EXPECT_EQ(*rest->find("bars")->items[0].items[0].text_of("t"), "2026-01-05T12:05:00Z");
  EXPECT_EQ(at_once.size(), 10u);
}

TEST_F(RestApiTest, CryptoAndStocksHaveAddressesOfTheirOwn) {
  EXPECT_EQ(all("/v1beta3/crypto/us/bars?symbols=BTC%2FUSD&timeframe=1Min&start=2026-01-05T12:00:00Z").size(), 5u);
  EXPECT_TRUE(all("/v2/stocks/bars?symbols=BTC%2FUSD&timeframe=1Min&start=2026-01-05T12:00:00Z").empty());
  EXPECT_EQ(json("/v1beta3/crypto/us/latest/bars?symbols=BTC/USD").find("bars")->names.size(), 1u);
}

TEST_F(RestApiTest, ADayWithoutTimeBeginsInNewYork) {
  EXPECT_EQ(all("/v2/stocks/bars?symbols=AAPL&timeframe=1Min&start=2026-01-05&end=2026-01-06").size(), 10u);
  EXPECT_TRUE(all("/v2/stocks/bars?symbols=AAPL&timeframe=1Min&start=2026-01-06").empty());
}

TEST_F(RestApiTest, KeysAreAskedFor) {
  auto request = *parse_rest_target("/v2/clock");
  EXPECT_EQ(api_.answer(request, noon, noon).status, 401u);
  const ApiKeys keys(std::vector<ApiKey>{{"key", "good"}});
  RestApi guarded(tape_, faults_, keys, {});
  for (const auto& [secret, status] :
       {std::pair("good", 200u), std::pair("bad", 403u), std::pair("good2", 403u), std::pair("", 403u)}) {
    request.key = "key";
    request.secret = secret;
    EXPECT_EQ(guarded.answer(request, noon, noon).status, status) << secret;
  }
}

TEST(RateLimit, CountsAMinuteFromTheFirstCallOn) {
  RateLimit limit(2);
  const EventTime start = at("2026-01-05T12:00:10.5Z");
  EXPECT_EQ(limit.take("a", start).remaining, 1u);
  const auto second = limit.take("a", start + seconds(30));
  EXPECT_TRUE(second.allowed);
  EXPECT_EQ(second.remaining, 0u);
  const std::int64_t reset = at("2026-01-05T12:01:11Z").time_since_epoch() / seconds(1);
  EXPECT_EQ(second.reset, reset);
  const auto third = limit.take("a", start + seconds(59));
  EXPECT_FALSE(third.allowed);
  EXPECT_EQ(third.reset, reset);
  EXPECT_TRUE(limit.take("b", start + seconds(59)).allowed) << "another key has calls of its own";
  EXPECT_TRUE(limit.take("a", at("2026-01-05T12:01:11Z")).allowed) << "who waits for the reset is let in";
}

TEST(RateLimit, NoneIsNone) {
  RateLimit limit(0);
  for (int i = 0; i < 1'000; ++i) EXPECT_TRUE(limit.take("a", noon).allowed);
}

}  // namespace
}  // namespace tidemark
