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

// What a live client asked for.
struct LiveWish {
  SnapshotWish snapshot;
  // Who comes back says what he has heard; he gets what he missed, or a snapshot when that is not known any more.
  std::string epoch;  // empty: he comes new
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

  // None where no such path exists. The method is GET or HEAD.
  std::optional<Response> answer(const Request& request) const;

  // The parameters of /api/v1/live, or the refusal.
  static std::expected<LiveWish, Response> parse_wish(const Request& request);

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
  std::function<std::optional<std::string>()> unready_;  // the reason; none = ready
  DeadLetterList letters_;                               // null: they are not to be had here
};

}  // namespace tidemark
