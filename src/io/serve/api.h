// The API: every path but the page's (docs/api.md). Reads the board, writes nothing.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "io/observe/metrics.h"
#include "io/serve/request.h"
#include "run/board.h"
#include "run/clock.h"
#include "run/feed.h"

namespace tidemark {

inline constexpr std::string_view live_path = "/api/v1/live";

// What a live client asked for.
struct LiveWish {
  std::vector<std::string> symbols;  // empty = all
  std::size_t history = 240;
};

class Api {
 public:
  Api(const Board& board, const Clock& clock, Metrics& metrics, std::function<FeedStatus()> feed,
      std::function<std::optional<std::string>()> unready)
      : board_(board), clock_(clock), metrics_(metrics), feed_(std::move(feed)), unready_(std::move(unready)) {}

  // None where no such path exists. The method is GET or HEAD.
  std::optional<Response> answer(const Request& request) const;

  // The parameters of /api/v1/live, or the refusal.
  static std::expected<LiveWish, Response> parse_wish(const Request& request);

 private:
  Response ready() const;
  Response metrics() const;
  Response trends(const Request& request) const;

  const Board& board_;
  const Clock& clock_;
  Metrics& metrics_;
  std::function<FeedStatus()> feed_;
  std::function<std::optional<std::string>()> unready_;  // the reason; none = ready
};

}  // namespace tidemark
