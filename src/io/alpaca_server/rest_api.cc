#include "io/alpaca_server/rest_api.h"

#include <fmt/format.h>

#include <string_view>

#include "core/time/exchange_calendar.h"
#include "core/time/timestamp.h"
#include "io/alpaca_server/bar_json.h"
#include "io/alpaca_server/bar_questions.h"
#include "io/alpaca_server/exchange_time.h"

namespace tidemark {
namespace {

RestReply refuse(unsigned status, std::string_view message) { return {status, rest_message(message), {}}; }

// The symbol in a path such as /v2/stocks/AAPL/bars; empty for other paths.
std::string_view between(std::string_view path, std::string_view before, std::string_view behind) {
  if (!path.starts_with(before) || !path.ends_with(behind) || path.size() <= before.size() + behind.size()) return {};
  const std::string_view symbol = path.substr(before.size(), path.size() - before.size() - behind.size());
  return symbol.contains('/') ? std::string_view() : symbol;
}

// RFC 3339 to the nanosecond, in UTC.
std::string nanosecond_timestamp(EventTime time) {
  const auto second = std::chrono::floor<std::chrono::seconds>(time);
  std::string text = format_timestamp(second);
  text.pop_back();
  return fmt::format("{}.{:09}Z", text, (time - second).count());
}

}  // namespace

RestReply RestApi::answer(const RestRequest& request, EventTime market, EventTime wall) {
  if (request.key.empty() && request.secret.empty()) return refuse(401, "unauthorized.");
  if (!keys_.knows(request.key, request.secret)) return refuse(403, "forbidden.");
  // At Alpaca the clock belongs to another server, which has its own limit.
  if (request.path == "/v2/clock") return clock(market);
  const RateLimit::Standing standing = limit_.take(request.key, wall);
  RestReply reply;
  if (!standing.allowed) {
    ++faults_.counts.rate_limited;
    reply = refuse(429, "too many requests.");
  } else if (faults_.fails(++calls_)) {
    ++faults_.counts.rest_errors;
    reply = refuse(500, "internal server error occurred");
  } else {
    reply = find(request, market);
  }
  if (standing.limit > 0) {
    reply.headers.emplace_back("X-RateLimit-Limit", std::to_string(standing.limit));
    reply.headers.emplace_back("X-RateLimit-Remaining", std::to_string(standing.remaining));
    reply.headers.emplace_back("X-RateLimit-Reset", std::to_string(standing.reset));
  }
  return reply;
}

RestReply RestApi::find(const RestRequest& request, EventTime market) {
  constexpr std::string_view stocks = "/v2/stocks/", crypto = "/v1beta3/crypto/us/";
  const BarQuestions questions(tape_, faults_, market);
  const std::string_view path = request.path;
  if (path == "/v2/stocks/bars") return questions.bars(request, BarsOf::Stocks);
  if (path == "/v2/stocks/bars/latest") return questions.latest(request, BarsOf::Stocks);
  if (path.starts_with(crypto)) {
    if (path.substr(crypto.size()) == "bars") return questions.bars(request, BarsOf::Crypto);
    if (path.substr(crypto.size()) == "latest/bars") return questions.latest(request, BarsOf::Crypto);
  }
  if (const auto symbol = between(path, stocks, "/bars/latest"); !symbol.empty()) return questions.latest_of(symbol);
  if (const auto symbol = between(path, stocks, "/bars"); !symbol.empty()) return questions.bars_of(request, symbol);
  return refuse(404, "endpoint not found.");
}

RestReply RestApi::clock(EventTime market) const {
  const SessionTimes next = next_sessions(market);
  const bool is_open = options_.hours == MarketHours::Always || session_at(market) == Session::Regular;
  return {.status = 200,
          .body = fmt::format(R"({{"timestamp":"{}","is_open":{},"next_open":"{}","next_close":"{}","speed":{}}})",
                              nanosecond_timestamp(market), is_open, format_timestamp(next.next_open),
                              format_timestamp(next.next_close), options_.speed),
          .headers = {}};
}

}  // namespace tidemark
