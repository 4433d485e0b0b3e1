// The words by which the market's values are written in JSON, Parquet and SQL.
#include "core/enum_names.h"
#include "core/market/bar.h"
#include "core/market/indicators.h"
#include "core/market/trend.h"

namespace tidemark {
namespace {

constexpr EnumNames<Direction, 3> direction_names{"flat", "up", "down"};
constexpr EnumNames<Verdict, 4> verdict_names{"accepted", "duplicate", "corrected", "late"};
constexpr EnumNames<Signal, 3> signal_names{"NEUTRAL", "BULLISH", "BEARISH"};
constexpr EnumNames<TrendStatus, 2> status_names{"update", "final"};
constexpr EnumNames<Confirmation, 3> confirmation_names{"MIXED", "UP", "DOWN"};

}  // namespace

std::string_view to_string(Direction direction) { return direction_names[direction]; }
std::string_view to_string(Verdict verdict) { return verdict_names[verdict]; }
std::string_view to_string(Signal signal) { return signal_names[signal]; }
std::string_view to_string(TrendStatus status) { return status_names[status]; }
std::string_view to_string(Confirmation confirmation) { return confirmation_names[confirmation]; }

std::optional<Direction> parse_direction(std::string_view text) { return direction_names.find(text); }
std::optional<Verdict> parse_verdict(std::string_view text) { return verdict_names.find(text); }
std::optional<Signal> parse_signal(std::string_view text) { return signal_names.find(text); }
std::optional<TrendStatus> parse_trend_status(std::string_view text) { return status_names.find(text); }

}  // namespace tidemark
