// What Alpaca's stream sends and its history answers.
//
//     [{"T":"b","S":"AAPL","o":…},{"T":"success",…}]     {"bars":{"AAPL":[{"t":…},…],…},"next_page_token":null}
//     {"T":"u",…}                                        {"bars":[{"t":…},…],"symbol":"AAPL"}
#include "core/transcribe/json_walk.h"
#include "core/transcribe/transcriber.h"

namespace tidemark {
namespace {

const std::vector<Naming> alpaca_naming{{"S", "symbol"}, {"t", "timestamp"}, {"o", "open"},
                                        {"h", "high"},   {"l", "low"},       {"c", "close"},
                                        {"v", "volume"}, {"vw", "vwap"},     {"n", "trade_count"}};

class AlpacaTranscriber final : public Transcriber {
 public:
  void find_bars(std::string_view text, std::vector<BarElement>& bars) override {
    if (text.front() == '[') {
      for (JsonWalk walk(text); walk.next();) take_message(walk.value(), bars);
    } else if (const std::string_view answer = json_member(text, "bars"); !answer.empty()) {
      take_answer(text, answer, bars);
    } else {
      take_message(text, bars);
    }
  }

 private:
  void take_message(std::string_view message, std::vector<BarElement>& bars) {
    const std::string_view kind =
        message.front() == '{' ? inside_quotes(json_member(message, "T")) : std::string_view();
    if (kind == "b" || kind == "u" || kind == "d")
      take_bar(kind, message, bars);
    else if (kind.empty())
      bars.push_back({.bytes = message});
    else
      skip(kind);
  }

  // A day's bar among minutes would be a second bar of midnight: the first bar says which of the two are read.
  void take_bar(std::string_view kind, std::string_view message, std::vector<BarElement>& bars) {
    const Interval interval = kind == "d" ? Interval::Day : Interval::Minute;
    if (interval_ == Interval::Unknown) interval_ = interval;
    if (interval != interval_) return skip(kind);
    bars.push_back({.bytes = message, .naming = &alpaca_naming});
  }

  void take_answer(std::string_view text, std::string_view answer, std::vector<BarElement>& bars) {
    if (answer.front() == '[') return take_list(inside_quotes(json_member(text, "symbol")), answer, bars);
    if (answer.front() != '{') return;  // null: there were none
    for (JsonWalk walk(answer); walk.next();) {
      if (walk.value().front() == '[')
        take_list(walk.name(), walk.value(), bars);
      else if (walk.value() != "null")  // the latest bar of each
        bars.push_back({.bytes = walk.value(), .symbol = walk.name(), .naming = naming_of(walk.value())});
    }
  }

  void take_list(std::string_view symbol, std::string_view list, std::vector<BarElement>& bars) {
    for (JsonWalk walk(list); walk.next();)
      bars.push_back({.bytes = walk.value(), .symbol = symbol, .naming = naming_of(walk.value())});
  }

  static const std::vector<Naming>* naming_of(std::string_view bar) {
    return bar.front() == '{' ? &alpaca_naming : nullptr;
  }

  enum class Interval : std::uint8_t { Unknown, Minute, Day };
  Interval interval_ = Interval::Unknown;
};

}  // namespace

std::unique_ptr<Transcriber> make_alpaca_transcriber() { return std::make_unique<AlpacaTranscriber>(); }

}  // namespace tidemark
