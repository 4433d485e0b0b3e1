// What Polygon's stream sends and its aggregates answer.
//
//     [{"ev":"AM","sym":"AAPL","o":…,"s":1736087400000},{"ev":"status",…}]     {"ticker":"AAPL","results":[{"t":…,"o":…},…]}
#include <array>

#include "core/transcribe/json_walk.h"
#include "core/transcribe/transcriber.h"

namespace tidemark {
namespace {

using As = Naming::As;

const std::vector<Naming> answer_naming{{"T", "symbol"},     {"t", "timestamp", As::Milliseconds},
                                        {"o", "open"},       {"h", "high"},
                                        {"l", "low"},        {"c", "close"},
                                        {"v", "volume"},     {"vw", "vwap"},
                                        {"n", "trade_count"}};
const std::vector<Naming> polygon_naming{{"sym", "symbol"}, {"pair", "symbol"}, {"s", "timestamp", As::Milliseconds},
                                         {"o", "open"},     {"h", "high"},      {"l", "low"},
                                         {"c", "close"},    {"v", "volume"},    {"vw", "vwap"}};

// Aggregates of a minute and of a second: stocks, crypto, currencies.
constexpr std::array<std::string_view, 3> minutes{"AM", "XA", "CA"}, seconds{"A", "XAS", "CAS"};

bool is_one_of(std::string_view kind, const std::array<std::string_view, 3>& kinds) {
  return kind == kinds[0] || kind == kinds[1] || kind == kinds[2];
}

class PolygonTranscriber final : public Transcriber {
 public:
  void find_bars(std::string_view text, std::vector<BarElement>& bars) override {
    if (text.front() == '[') {
      for (JsonWalk walk(text); walk.next();) take_message(walk.value(), bars);
    } else if (const std::string_view results = json_member(text, "results"); !results.empty()) {
      if (results.front() != '[') return;  // null: there were none
      const std::string_view symbol = inside_quotes(json_member(text, "ticker"));
      for (JsonWalk walk(results); walk.next();)
        bars.push_back({.bytes = walk.value(),
                        .symbol = symbol,
                        .naming = walk.value().front() == '{' ? &answer_naming : nullptr});
    } else {
      take_message(text, bars);
    }
  }

 private:
  void take_message(std::string_view message, std::vector<BarElement>& bars) {
    const std::string_view kind =
        message.front() == '{' ? inside_quotes(json_member(message, "ev")) : std::string_view();
    const bool is_minute = is_one_of(kind, minutes), is_second = is_one_of(kind, seconds);
    if (kind.empty()) {
      bars.push_back({.bytes = message});
    } else if (!is_minute && !is_second) {
      skip(kind);
    } else {
      // Seconds and minutes of one symbol are no one series: the first bar says which are read.
      if (interval_ == Interval::Unknown) interval_ = is_minute ? Interval::Minute : Interval::Second;
      if ((interval_ == Interval::Minute) != is_minute) return skip(kind);
      bars.push_back({.bytes = message, .naming = &polygon_naming});
    }
  }

  enum class Interval : std::uint8_t { Unknown, Minute, Second };
  Interval interval_ = Interval::Unknown;
};

}  // namespace

std::unique_ptr<Transcriber> make_polygon_transcriber() { return std::make_unique<PolygonTranscriber>(); }

}  // namespace tidemark
