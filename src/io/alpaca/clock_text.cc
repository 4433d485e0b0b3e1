#include "io/alpaca/clock_text.h"

#include <simdjson.h>

#include "core/time/timestamp.h"

namespace tidemark {
namespace {

constexpr EventTime earliest_market = std::chrono::sys_days{std::chrono::year{2000} / 1 / 1};
constexpr EventTime latest_market = std::chrono::sys_days{std::chrono::year{2100} / 1 / 1};

}  // namespace

Result<ShownTime> read_clock(std::string_view json) {
  simdjson::dom::parser parser;
  simdjson::dom::object clock;
  std::string_view text;
  if (parser.parse(json.data(), json.size()).get_object().get(clock) || clock["timestamp"].get_string().get(text))
    return std::unexpected(Error::permanent("the server's clock cannot be read"));
  const auto time = parse_timestamp(text);
  if (!time || *time < earliest_market || *time >= latest_market)
    return std::unexpected(Error::permanent("the server's clock shows no time"));
  ShownTime shown{.market = *time};
  double speed = 1;
  if (clock["speed"].get_double().get(speed) == simdjson::SUCCESS && speed > 0 && speed < 1e6) shown.speed = speed;
  return shown;
}

}  // namespace tidemark
