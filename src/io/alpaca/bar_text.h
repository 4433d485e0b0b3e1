// Bars as Alpaca writes them → records as they stand in alpaca_trends.
//
//     {"T":"b","S":"AAPL","o":187.1,…,"t":"2026-11-24T14:30:00Z"}  →  {"symbol":"AAPL","timestamp":…,"feed":"iex"}
//
// Numbers keep the digits that came. What is no good bar becomes a record all the same: the machine judges, and its bytes
// land in the dead letters.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/time/time.h"
#include "run/live_feed/fetched_bar.h"
#include "run/live_feed/history_pages.h"

namespace tidemark {

// What a page holds, by a glance that reads no bar.
struct PageFacts {
  std::string next;
  std::size_t bars = 0;
  std::vector<std::string> symbols;    // that have bars in it, in order
  std::optional<EventTime> last_time;  // of the last bar
};

class BarText {
 public:
  explicit BarText(std::string_view series);
  BarText(BarText&&) noexcept;
  BarText& operator=(BarText&&) noexcept;
  ~BarText();

  // An element of the stream, or of a page of history, where the symbol stands outside (else empty).
  FetchedBar read(std::string_view object, std::string_view symbol = {});

  // The whole answer to GET …/bars. Error::permanent: it is none.
  Result<HistoryPage> read_page(std::string_view json);
  // The same page as JSON lines that nobody has judged yet: for who hands them to an import, which judges.
  Result<std::string> read_lines(std::string_view json);
  Result<PageFacts> glance(std::string_view json);

 private:
  class Transcriber;
  std::unique_ptr<Transcriber> transcriber_;
};

}  // namespace tidemark
