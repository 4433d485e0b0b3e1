// ChartPage: what a request for the history of a symbol asks of the lake, and how the answer is written.
//
//     GET /api/v1/history?symbol=AAPL&from=2026-11-20T14:30:00Z&to=…&limit=5000
//
// A page has the newest `limit` bars of the newest stored days in [from, to), and the windows whose last minute is among
// them. Days in which the symbol has nothing are passed over, more of them each time. The lake changes a day by adding a file to its folder, or by exchanging the folder. So the
// folders' times tell whether an earlier answer still holds, without reading a file.
#pragma once

#include <chrono>
#include <cstddef>
#include <expected>
#include <optional>
#include <string>

#include "core/time/time.h"
#include "io/serve/questions.h"
#include "io/serve/request.h"

namespace tidemark {

struct ChartQuery {
  std::string symbol;
  std::optional<EventTime> from, to;  // of bars, [from, to)
  std::size_t limit = 5'000;
};

inline constexpr std::size_t most_chart_bars = 10'000;  // of a page
inline constexpr std::size_t first_chart_days = 14;     // that are looked through at once
inline constexpr std::size_t more_chart_days = 8;       // times as many, if the symbol has nothing in them

// A response is a refusal (400).
std::expected<ChartQuery, Response> parse_chart_query(const Request& request);

struct ChartPage {
  std::string etag;                       // of all days in the range
  std::optional<Question> question;       // none: the lake has no day in the range
  std::optional<EventTime> older_before;  // the lake has older days in the range
};

// Looks at the folders of the lake: the tables' lists of days, and the times of the range's days.
ChartPage plan_chart_page(const ChartQuery& query, const std::string& lake, std::size_t most_days);

struct ChartBody {
  std::string text;
  bool is_empty = false;  // no bar and no window
};
// From the answer to the page's question, which is empty if there was none. Error::permanent if that cannot be read.
Result<ChartBody> write_chart_page(const ChartQuery& query, const ChartPage& page, const std::string& answer);

}  // namespace tidemark
