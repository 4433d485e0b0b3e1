// A bar: what one symbol did in one interval of the market (contract/semantics.md, bars).
//
// Numbers are exact decimals in units of 1e-9. Symbol and feed stand beside the values, because the
// values are what the engine holds ten thousand of while their windows are open.
#pragma once

#include <compare>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "core/number/integer.h"
#include "core/time/time.h"

namespace tidemark {

struct Price {  // 1e-9 dollars
  std::int64_t nanos = 0;
  friend constexpr auto operator<=>(Price, Price) = default;
};

struct Decimal {  // 1e-9 of whatever it counts: shares, dollars, percent
  Int128 nanos = 0;
  friend constexpr bool operator==(Decimal, Decimal) = default;
};

// A price that may be missing, in 8 bytes: no price is as low as the marker.
class OptionalPrice {
 public:
  constexpr OptionalPrice() = default;
  constexpr OptionalPrice(Price price) : nanos_(price.nanos) {}
  constexpr bool has_value() const { return nanos_ != none; }
  constexpr Price value() const { return Price{nanos_}; }
  friend constexpr bool operator==(OptionalPrice, OptionalPrice) = default;

 private:
  static constexpr std::int64_t none = std::numeric_limits<std::int64_t>::min();
  std::int64_t nanos_ = none;
};

// Feeds send a vwap of 0 for a minute without a trade. It is no price, so it is none (contract/semantics.md §2.7). Whoever
// reads a bar that an older program wrote asks this, too.
constexpr OptionalPrice known_vwap(Price vwap) { return vwap.nanos == 0 ? OptionalPrice{} : OptionalPrice{vwap}; }

// A count that may be missing, in 8 bytes.
class OptionalCount {
 public:
  constexpr OptionalCount() = default;
  constexpr OptionalCount(std::int64_t count) : count_(count) {}  // >= 0
  constexpr bool has_value() const { return count_ >= 0; }
  constexpr std::int64_t value() const { return count_; }
  friend constexpr bool operator==(OptionalCount, OptionalCount) = default;

 private:
  std::int64_t count_ = -1;
};

enum class Direction : std::uint8_t { Flat, Up, Down };
std::string_view to_string(Direction direction);  // "flat", "up", "down"
std::optional<Direction> parse_direction(std::string_view text);

struct BarValues {
  EventTime time;  // start of the bar's interval
  Price open, high, low, close;
  OptionalPrice vwap;  // volume-weighted average price; may be negative
  OptionalCount trade_count;
  Decimal volume;        // shares or coins, >= 0, < 1e18
  Decimal price_change;  // dollars
  Decimal pct_change;    // percent of open
  Direction direction = Direction::Flat;
  friend constexpr bool operator==(const BarValues&, const BarValues&) = default;
};

// A bar as the decoder hands it on: the names point into the record, and live as long as it does.
struct Bar {
  std::string_view symbol;               // is_symbol_name() (core/market/limits.h)
  std::optional<std::string_view> feed;  // iex, sip, sim …
  BarValues values;
};

// What became of a bar that was not rejected.
enum class Verdict : std::uint8_t { Accepted, Duplicate, Corrected, Late };
std::string_view to_string(Verdict verdict);  // "accepted" …
std::optional<Verdict> parse_verdict(std::string_view text);

// A bar of the lake: kept for good with what was decided about it, and where it stood in the log.
struct JudgedBar {
  std::string symbol;
  std::optional<std::string> feed;
  BarValues values;
  Verdict verdict = Verdict::Accepted;  // never Duplicate
  std::int64_t position = 0;            // offset in topic alpaca_trends
  std::int64_t imported = 0;            // number of the import that brought it; 0: it came live
};

}  // namespace tidemark
