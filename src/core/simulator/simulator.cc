// How a simulated symbol's price moves: bias, noise, candle, volume.
#include "core/simulator/simulator.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <utility>

#include "core/check.h"
#include "core/market/derive.h"
#include "core/number/rounding.h"
#include "core/simulator/random.h"

namespace tidemark {
namespace {

constexpr std::int64_t million = 1'000'000;
constexpr std::int64_t nanos_per_cent = 10'000'000;
constexpr std::int64_t nanos_per_tenthousandth = 100'000;

constexpr std::int64_t strongest_bias_ppm = 800;
constexpr std::int64_t weakest_return_ppm = 300;  // bias that brings back a price that strayed too far
constexpr std::int64_t noise_reach_ppm = 350;
constexpr std::int64_t wick_reach_ppm = 400;
constexpr std::int64_t stray_percent = 3;

constexpr std::string_view feed_name = "sim";
constexpr std::string_view state_version = "sim1";

constexpr std::int64_t rounded_share(std::int64_t of, std::int64_t ppm) {
  return static_cast<std::int64_t>(divide_rounded(Int128{of} * ppm, million));
}

constexpr Price price_of_cents(std::int64_t cents) { return Price{cents * nanos_per_cent}; }

template <typename Number>
bool take_number(std::string_view& text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

bool take_space(std::string_view& text) {
  if (!text.starts_with(' ')) return false;
  text.remove_prefix(1);
  return true;
}

std::string_view take_word(std::string_view& text) {
  const std::string_view word = text.substr(0, text.find(' '));
  text.remove_prefix(word.size());
  return word;
}

}  // namespace

SimulatedSymbol simulated_symbol(std::string_view name) {
  for (SimulatedSymbol& known : default_simulated_symbols())
    if (known.name == name) return std::move(known);
  return {.name = std::string(name), .base_cents = Random(seed_of(0, name)).between(10'00, 500'00)};
}

std::vector<SimulatedSymbol> default_simulated_symbols() {
  return {{"AAPL", 175'00}, {"TSLA", 250'00}, {"GOOGL", 140'00}, {"MSFT", 380'00}, {"AMZN", 185'00}};
}

std::vector<SimulatedSymbol> numbered_simulated_symbols(std::size_t count) {
  std::vector<SimulatedSymbol> symbols;
  symbols.reserve(count);
  for (std::size_t number = 1; number <= count; ++number)
    symbols.push_back(simulated_symbol(fmt::format("SYM{:04}", number)));
  return symbols;
}

Simulator::Simulator(SimulatorOptions options)
    : seed_(options.seed), rounds_per_bias_(options.rounds_per_bias), next_minute_(options.start) {
  CHECK(rounds_per_bias_ >= 1);
  CHECK(next_minute_ == floor_to(next_minute_, std::chrono::minutes(1)));
  set_symbols(std::move(options.symbols));
}

Simulator::Walk Simulator::begin_walk(SimulatedSymbol symbol) const {
  CHECK(symbol.base_cents >= 100 && symbol.base_cents <= 100'000'000'000);
  const std::uint64_t stream = seed_of(seed_, symbol.name);
  const std::int64_t close = symbol.base_cents;
  const std::int64_t bias = Random(stream).between(-strongest_bias_ppm, strongest_bias_ppm);
  return {.symbol = std::move(symbol), .stream = stream, .close_cents = close, .bias_ppm = bias};
}

void Simulator::set_symbols(std::vector<SimulatedSymbol> symbols) {
  std::vector<Walk> walks;
  walks.reserve(symbols.size());
  for (SimulatedSymbol& symbol : symbols) {
    auto known = symbols_.begin() + static_cast<std::ptrdiff_t>(std::min(walks.size(), symbols_.size()));
    if (known == symbols_.end() || known->symbol != symbol)  // usually it is in the same place as before
      known = std::ranges::find(symbols_, symbol, &Walk::symbol);
    walks.push_back(known != symbols_.end() ? *known : begin_walk(std::move(symbol)));
  }
  symbols_ = std::move(walks);
}

std::span<const Bar> Simulator::round() {
  bars_.clear();
  for (Walk& walk : symbols_) {
    turn_bias(walk);
    bars_.push_back({.symbol = walk.symbol.name, .feed = feed_name, .values = step(walk)});
  }
  next_minute_ += std::chrono::minutes(1);
  return bars_;
}

void Simulator::turn_bias(Walk& walk) const {
  const std::int64_t minute = next_minute_.time_since_epoch() / std::chrono::minutes(1);
  // Symbols change their bias at different minutes. Otherwise the whole market would turn at once.
  const auto phase = static_cast<std::int64_t>(walk.stream % static_cast<std::uint64_t>(rounds_per_bias_));
  if ((minute + phase) % rounds_per_bias_ == 0)
    walk.bias_ppm =
        Random(walk.stream ^ static_cast<std::uint64_t>(minute)).between(-strongest_bias_ppm, strongest_bias_ppm);

  const std::int64_t astray = walk.close_cents - walk.symbol.base_cents;
  if (std::abs(astray) * 100 <= walk.symbol.base_cents * stray_percent) return;
  const std::int64_t size = std::max(std::abs(walk.bias_ppm), weakest_return_ppm);
  walk.bias_ppm = astray > 0 ? -size : size;
}

BarValues Simulator::step(Walk& walk) const {
  const auto minute = static_cast<std::uint64_t>(next_minute_.time_since_epoch() / std::chrono::minutes(1));
  Random draw(seed_of(walk.stream + minute, "step"));

  const std::int64_t open = walk.close_cents;
  const std::int64_t change_ppm = walk.bias_ppm + draw.bell(noise_reach_ppm);
  const std::int64_t close = std::max<std::int64_t>(1, open + rounded_share(open, change_ppm));
  const std::int64_t high = std::max(open, close) + rounded_share(open, draw.between(0, wick_reach_ppm));
  const std::int64_t low =
      std::max<std::int64_t>(1, std::min(open, close) - rounded_share(open, draw.between(0, wick_reach_ppm)));
  walk.close_cents = close;

  BarValues values;
  values.time = next_minute_;
  values.open = price_of_cents(open);
  values.high = price_of_cents(high);
  values.low = price_of_cents(low);
  values.close = price_of_cents(close);
  const std::int64_t inside = rounded_share((high - low) * 100, draw.between(0, million));  // 1e-4 dollars
  values.vwap = Price{low * nanos_per_cent + inside * nanos_per_tenthousandth};
  const std::int64_t liveliness = 1'000 + 3 * std::abs(walk.bias_ppm);  // thousandths
  const std::int64_t volume = draw.between(20'000, 60'000) * liveliness / 1'000;
  values.volume = Decimal{Int128{volume} * 1'000'000'000};
  values.trade_count = volume / draw.between(60, 140) + 1;
  derive(values);
  return values;
}

std::string Simulator::state() const {
  std::string text = fmt::format("{} {} {}", state_version, nanos_since_epoch(next_minute_), symbols_.size());
  for (const Walk& walk : symbols_)
    fmt::format_to(std::back_inserter(text), " {} {} {} {}", walk.symbol.name, walk.symbol.base_cents, walk.close_cents,
                   walk.bias_ppm);
  return text;
}

std::optional<Simulator::Walk> Simulator::parse_walk(std::string_view& text) {
  Walk walk;
  if (!take_space(text)) return std::nullopt;
  walk.symbol.name = take_word(text);
  const bool whole = !walk.symbol.name.empty() && take_space(text) && take_number(text, walk.symbol.base_cents) &&
                     take_space(text) && take_number(text, walk.close_cents) && take_space(text) &&
                     take_number(text, walk.bias_ppm);
  if (!whole || walk.symbol.base_cents < 100 || walk.close_cents < 1) return std::nullopt;
  return walk;
}

bool Simulator::restore(std::string_view text) {
  std::int64_t nanos = 0;
  std::size_t count = 0;
  if (take_word(text) != state_version || !take_space(text) || !take_number(text, nanos) || !take_space(text) ||
      !take_number(text, count))
    return false;
  const EventTime minute = event_time_from_nanos(nanos);
  if (minute != floor_to(minute, std::chrono::minutes(1))) return false;

  std::vector<Walk> walks;
  for (std::size_t number = 0; number < count; ++number) {
    std::optional<Walk> walk = parse_walk(text);
    if (!walk) return false;
    walk->stream = seed_of(seed_, walk->symbol.name);
    walks.push_back(std::move(*walk));
  }
  if (!text.empty()) return false;
  symbols_ = std::move(walks);
  next_minute_ = minute;
  return true;
}

}  // namespace tidemark
