// A naive decoder, clause after clause of the contract, which core/wire's decoder must agree with. Shares no code with
// core/wire, core/number and core/time.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "fuzz/slow_number.h"

namespace tidemark::fuzz {

struct SlowVerdict {
  enum class Kind { Bar, Heartbeat, Reject } kind = Kind::Reject;
  std::string reason, field;  // of a reject

  std::int64_t time = 0;  // of a bar or heartbeat: nanoseconds
  std::string symbol, direction;
  Int128 open = 0, high = 0, low = 0, close = 0, volume = 0, price_change = 0, pct_change = 0;  // 1e-9
  std::optional<Int128> vwap, trade_count;
  std::optional<std::string> feed;
};

SlowVerdict judge_slowly(std::string_view record);

}  // namespace tidemark::fuzz
