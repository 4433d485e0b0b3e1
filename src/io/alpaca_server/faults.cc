#include "io/alpaca_server/faults.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <string>

#include "core/simulator/random.h"

namespace tidemark {
namespace {

constexpr std::int64_t nanos_per_unit = 1'000'000'000, nanos_per_cent = 10'000'000;

Random drawn(std::uint64_t seed, std::string_view what, std::uint64_t number) {
  return Random(seed_of(seed, what) ^ Random(number).next());
}

Random drawn(std::uint64_t seed, std::string_view what, std::string_view symbol, EventTime minute) {
  return drawn(seed_of(seed, what), symbol, static_cast<std::uint64_t>(nanos_since_epoch(minute)));
}

bool falls_on(Share share, Random draw) { return draw.between(1, 1'000'000) <= share.millionths; }

std::optional<Duration> around(std::optional<Duration> typical, Random draw) {
  if (!typical) return std::nullopt;
  return *typical / 1'000 * draw.between(500, 1'500);
}

// Another price between low and high, on a whole cent if there is one.
Price other_close(const TapeBar& bar, Random& draw) {
  const std::int64_t inside = (bar.high.nanos - bar.low.nanos) / 1'000 * draw.between(0, 1'000);
  const std::int64_t cents = (bar.low.nanos + inside) / nanos_per_cent * nanos_per_cent;
  const Price price{std::clamp(cents, bar.low.nanos, bar.high.nanos)};
  if (price != bar.close) return price;
  return bar.close == bar.high ? bar.low : bar.high;
}

// The volume before the last trades.
Decimal smaller_volume(Decimal volume, Random& draw) {
  const Int128 part = volume.nanos / 1'000 * draw.between(500, 990);
  const bool is_whole = volume.nanos % nanos_per_unit == 0;
  return {is_whole ? part / nanos_per_unit * nanos_per_unit : part};
}

}  // namespace

bool Faults::is_late(std::string_view symbol, EventTime minute) const {
  return options_.late.millionths > 0 && falls_on(options_.late, drawn(options_.seed, "late", symbol, minute));
}

bool Faults::is_duplicate(std::string_view symbol, EventTime minute) const {
  return options_.duplicate.millionths > 0 &&
         falls_on(options_.duplicate, drawn(options_.seed, "duplicate", symbol, minute));
}

std::optional<TapeBar> Faults::first_version(std::string_view symbol, const TapeBar& bar) const {
  if (options_.corrections.millionths == 0) return std::nullopt;
  Random draw = drawn(options_.seed, "correction", symbol, bar.time);
  if (!falls_on(options_.corrections, draw)) return std::nullopt;
  // A late bar is already correct when it is sent.
  if (is_late(symbol, bar.time)) return std::nullopt;
  draw.next();
  TapeBar wrong = bar;
  const bool moves = bar.low < bar.high;
  if (moves && (bar.volume.nanos == 0 || draw.between(0, 1) == 0))
    wrong.close = other_close(bar, draw);
  else
    wrong.volume = smaller_volume(bar.volume, draw);
  if (wrong == bar) return std::nullopt;
  return wrong;
}

std::optional<Duration> Faults::drop_after(std::uint64_t connection) const {
  return around(options_.drop_after, drawn(options_.seed, "drop", connection));
}

std::optional<Duration> Faults::mute_after(std::uint64_t connection) const {
  return around(options_.mute_after, drawn(options_.seed, "mute", connection));
}

std::optional<int> Faults::refusal(std::uint64_t connection) const {
  if (!options_.refuse || connection > options_.refuse->connections) return std::nullopt;
  return options_.refuse->code;
}

bool Faults::is_garbage_before(std::uint64_t connection, std::uint64_t frame) const {
  return options_.garbage.millionths > 0 &&
         falls_on(options_.garbage, drawn(seed_of(options_.seed, "garbage") + connection, "frame", frame));
}

bool Faults::fails(std::uint64_t call) const {
  return options_.rest_errors.millionths > 0 && falls_on(options_.rest_errors, drawn(options_.seed, "call", call));
}

}  // namespace tidemark
