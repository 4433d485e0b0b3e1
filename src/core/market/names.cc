// The words by which the market's values are written in JSON, Parquet and SQL.
#include <array>

#include "core/market/bar.h"
#include "core/market/trend.h"

namespace tidemark {
namespace {

constexpr std::array<std::string_view, 3> direction_names{"flat", "up", "down"};
constexpr std::array<std::string_view, 4> verdict_names{"accepted", "duplicate", "corrected", "late"};
constexpr std::array<std::string_view, 3> signal_names{"NEUTRAL", "BULLISH", "BEARISH"};
constexpr std::array<std::string_view, 2> status_names{"update", "final"};

template <typename Enum, std::size_t size>
std::optional<Enum> find(const std::array<std::string_view, size>& names, std::string_view text) {
  for (std::size_t i = 0; i < size; ++i)
    if (names[i] == text) return static_cast<Enum>(i);
  return std::nullopt;
}

}  // namespace

std::string_view to_string(Direction direction) { return direction_names[static_cast<std::size_t>(direction)]; }
std::string_view to_string(Verdict verdict) { return verdict_names[static_cast<std::size_t>(verdict)]; }
std::string_view to_string(Signal signal) { return signal_names[static_cast<std::size_t>(signal)]; }
std::string_view to_string(TrendStatus status) { return status_names[static_cast<std::size_t>(status)]; }

std::optional<Direction> parse_direction(std::string_view text) { return find<Direction>(direction_names, text); }
std::optional<Verdict> parse_verdict(std::string_view text) { return find<Verdict>(verdict_names, text); }
std::optional<Signal> parse_signal(std::string_view text) { return find<Signal>(signal_names, text); }
std::optional<TrendStatus> parse_trend_status(std::string_view text) { return find<TrendStatus>(status_names, text); }

}  // namespace tidemark
