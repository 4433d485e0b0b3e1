// The API: every path but the page's (docs/api.md). Reads the board, writes nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "io/observe/metrics.h"
#include "io/serve/request.h"
#include "run/interfaces/clock.h"
#include "run/interfaces/feed.h"
#include "run/page/board.h"

namespace tidemark {

inline constexpr std::string_view live_path = "/api/v1/live";

// What a live client requested.
struct LiveRequest {
  SnapshotRequest snapshot;
  // A client that reconnects says what it has received. It gets what it missed, or a snapshot if that is no longer
  // known.
  std::string epoch;  // empty: a new client
  std::int64_t sequence = 0;
};

// The newest dead letters as JSON (run/page/dead_letter_list.h).
using DeadLetterList = std::function<Result<std::string>(std::size_t limit)>;

class Api {
 public:
  Api(const Board& board, const Clock& clock, Metrics& metrics, std::function<FeedStatus()> feed,
      std::function<std::optional<std::string>()> unready, DeadLetterList letters)
      : board_(board),
        clock_(clock),
        metrics_(metrics),
        feed_(std::move(feed)),
        unready_(std::move(unready)),
        letters_(std::move(letters)) {}

  // Empty if there is no such path. The method is GET or HEAD.
  std::optional<Response> answer(const Request& request) const;

  // The parameters of /api/v1/live, or the response that refuses them.
  static std::expected<LiveRequest, Response> parse_live_request(const Request& request);

 private:
  Response ready() const;
  Response metrics() const;
  Response symbols(const Request& request) const;
  Response trends(const Request& request) const;
  Response bars(const Request& request) const;
  Response dead_letters(const Request& request) const;

  const Board& board_;
  const Clock& clock_;
  Metrics& metrics_;
  std::function<FeedStatus()> feed_;
  std::function<std::optional<std::string>()> unready_;  // the reason; empty = ready
  DeadLetterList letters_;                               // null: not available in this process
};

}  // namespace tidemark
