// What a row says after the steps of its symbol (contract/semantics.md §8.2). Every number is already rounded as it is
// published; null while its series is too short.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/number/integer.h"

namespace tidemark {

enum class Confirmation : std::uint8_t { Mixed, Up, Down };
std::string_view to_string(Confirmation confirmation);  // "MIXED" …

struct Indicators {
  std::optional<std::int64_t> step;  // its number; from 2,000 on always 2,000
  // In 1e-9 dollars, a whole number of the row's last place.
  std::optional<Int128> last_close;
  std::optional<Int128> sma_50;
  std::optional<Int128> ema_20;
  std::optional<std::int64_t> rsi_14;  // 1e-4; 0 to 1,000,000
  std::optional<Int128> macd, macd_signal, macd_histogram;
  std::optional<Int128> bollinger_upper, bollinger_middle, bollinger_lower;
  std::optional<Int128> atr_14;
  std::optional<Int128> session_vwap;
  std::optional<Confirmation> trend_confirmation;
  friend bool operator==(const Indicators&, const Indicators&) = default;
};

}  // namespace tidemark
