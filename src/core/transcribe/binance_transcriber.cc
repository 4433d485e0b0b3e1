// Klines: of Binance's streams, and lists of lists as Binance, ccxt and freqtrade write them.
//
//     {"e":"kline","s":"BTCUSDT","k":{"t":…,"o":"42283.58",…,"x":true}}     [[1704205800000,"42283.58",…],…]
//     {"stream":"btcusdt@kline_1m","data":{"e":"kline",…}}
#include "core/transcribe/json_walk.h"
#include "core/transcribe/transcriber.h"
#include "core/wire/encode.h"

namespace tidemark {
namespace {

using As = Naming::As;

const std::vector<Naming> binance_naming{
    {"s", "symbol"},
    {"t", "timestamp", As::BinanceTime},
    {"o", "open", As::NumberInString},
    {"h", "high", As::NumberInString},
    {"l", "low", As::NumberInString},
    {"c", "close", As::NumberInString},
    {"v", "volume", As::NumberInString},
    {"n", "trade_count"},
};
// open time, open, high, low, close, volume; Binance goes on with close time, quote volume, number of trades, …
const std::vector<Naming> list_naming{
    {"", "timestamp", As::TimeOfList}, {"", "open", As::NumberInString},  {"", "high", As::NumberInString},
    {"", "low", As::NumberInString},   {"", "close", As::NumberInString}, {"", "volume", As::NumberInString},
};
constexpr std::size_t columns_of_binance = 12;

std::vector<Naming> with_trade_count() {
  std::vector<Naming> columns = list_naming;
  columns.push_back({});
  columns.push_back({});
  columns.push_back({"", "trade_count"});
  return columns;
}
const std::vector<Naming> binance_list_naming = with_trade_count();

std::vector<Naming> naming_of(const std::vector<std::string>& fields) {
  std::vector<Naming> columns;
  for (const std::string& field : fields) {
    const bool is_text = field == "symbol" || field == "feed" || field == "direction";
    columns.push_back({"", field,
                       field == "timestamp" ? As::TimeOfList
                       : is_text            ? As::IsWritten
                                            : As::NumberInString});
  }
  return columns;
}

class BinanceTranscriber final : public Transcriber {
 public:
  explicit BinanceTranscriber(const TranscribeOptions& options)
      : fields_(options.list_fields), said_naming_(naming_of(fields_)) {
    append_json_string(options.symbol, symbol_);
    symbol_ = inside_quotes(symbol_);
  }

  void find_bars(std::string_view text, std::vector<BarElement>& bars) override {
    if (text.front() == '{') return take_event(text, bars);
    JsonWalk first(text);
    const bool is_list_of_values = first.next() && first.value().front() != '[' && first.value().front() != '{';
    if (is_list_of_values) return take_list(text, bars);
    for (JsonWalk walk(text); walk.next();) {
      if (walk.value().front() == '[')
        take_list(walk.value(), bars);
      else
        take_event(walk.value(), bars);
    }
  }

 private:
  void take_event(std::string_view event, std::vector<BarElement>& bars) {
    if (event.front() != '{') return bars.push_back({.bytes = event});
    if (const std::string_view data = json_member(event, "data"); !data.empty() && data.front() == '{') event = data;
    const std::string_view kind = inside_quotes(json_member(event, "e"));
    if (kind.empty()) return bars.push_back({.bytes = event});
    const std::string_view kline = kind == "kline" ? json_member(event, "k") : std::string_view();
    if (kline.empty() || kline.front() != '{') return skip(kind);
    if (json_member(kline, "x") == "false") return skip("kline that is open");
    bars.push_back({.bytes = kline, .symbol = inside_quotes(json_member(event, "s")), .naming = &binance_naming});
  }

  void take_list(std::string_view list, std::vector<BarElement>& bars) {
    std::size_t columns = 0;
    for (JsonWalk walk(list); walk.next();) ++columns;
    const std::vector<Naming>* naming = columns >= columns_of_binance ? &binance_list_naming : &list_naming;
    if (!said_naming_.empty()) naming = &said_naming_;
    if (symbol_.empty()) naming = nullptr;
    bars.push_back({.bytes = list, .symbol = symbol_, .naming = naming, .is_list = naming != nullptr});
  }

  std::vector<std::string> fields_;
  std::vector<Naming> said_naming_;  // its views are into fields_
  std::string symbol_;               // as it stands inside the quotes of JSON
};

}  // namespace

std::unique_ptr<Transcriber> make_binance_transcriber(const TranscribeOptions& options) {
  return std::make_unique<BinanceTranscriber>(options);
}

}  // namespace tidemark
