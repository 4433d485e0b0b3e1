// The columns of a trend, in one table. Everything that lists columns walks this table: JSON out and in, the lake's
// Parquet files, SQL views, the log's view, and the check of contract/schema. Adding a column takes one line here, a
// member in Trend, and its computation.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "core/market/indicators.h"
#include "core/market/trend.h"

namespace tidemark {

// The contract by which this program computes (contract/semantics.md, Contracts), and the contract of whatever names none.
inline constexpr int contract_number = 2, first_contract = 1;

// What a column holds, and the unit of its member.
enum class ColumnKind : std::uint8_t {
  Name,    // text from outside
  Time,    // of a window, whole seconds; EventTime
  Price,   // 1e-9, written with price_places decimals
  Volume,  // 1e-9, written with volume_places decimals
  Ratio,   // 1e-4, written with four decimals
  Count,   // a whole number
  Word,    // an enumeration, written by to_string
};

// Whether readers accept a row without the column (contract/semantics.md §4.2).
enum class Presence : std::uint8_t { Required, Optional };

// Whether the lake has the column. All rows of the lake are final, so it has no status.
enum class InLake : bool { No, Yes };

template <std::size_t size>
struct ColumnName {
  consteval ColumnName(const char (&text)[size]) { std::ranges::copy(text, letters.begin()); }
  constexpr std::string_view view() const { return {letters.data(), size - 1}; }
  std::array<char, size> letters{};
};

// The value of a ColumnKind::Word enumeration that `text` names.
template <typename Word>
std::optional<Word> parse_word(std::string_view text) {
  if constexpr (std::is_same_v<Word, Signal>)
    return parse_signal(text);
  else
    return parse_trend_status(text);
}

// `member_of` returns the member of a Trend, const or not. A member that is a std::optional may be null.
template <ColumnName name_of_column, ColumnKind kind_of_column, auto member_of,
          Presence presence_of_column = Presence::Required, InLake is_in_lake = InLake::Yes,
          int since_contract = first_contract>
struct TrendColumn {
  static constexpr std::string_view name = name_of_column.view();
  static constexpr ColumnKind kind = kind_of_column;
  static constexpr Presence presence = presence_of_column;
  static constexpr bool in_lake = is_in_lake == InLake::Yes;
  static constexpr int since = since_contract;
  template <typename AnyTrend>
  static constexpr auto& of(AnyTrend& trend) {
    return member_of(trend);
  }
  using Member = std::remove_cvref_t<decltype(member_of(std::declval<Trend&>()))>;
  static constexpr bool nullable = requires(Member member) { member.has_value(); };
  static_assert(since >= first_contract && since <= contract_number);
  static_assert(since == first_contract || (nullable && presence == Presence::Optional), "older rows lack it");
};

// `member_of` returns the member of Indicators, which is a std::optional.
template <ColumnName name_of_column, ColumnKind kind_of_column, auto member_of>
struct IndicatorColumn {
  static constexpr std::string_view name = name_of_column.view();
  static constexpr ColumnKind kind = kind_of_column;
  static constexpr auto& of(const Indicators& indicators) { return member_of(indicators); }
};

#define TIDEMARK_MEMBER(member) [](auto& trend) -> auto& { return trend.member; }
// In the order in which they are written.
using TrendColumns =
    std::tuple<TrendColumn<"symbol", ColumnKind::Name, TIDEMARK_MEMBER(symbol)>,
               TrendColumn<"window_start", ColumnKind::Time, TIDEMARK_MEMBER(window.start)>,
               TrendColumn<"window_end", ColumnKind::Time, TIDEMARK_MEMBER(window.end)>,
               TrendColumn<"avg_close", ColumnKind::Price, TIDEMARK_MEMBER(avg_close)>,
               TrendColumn<"max_close", ColumnKind::Price, TIDEMARK_MEMBER(max_close)>,
               TrendColumn<"min_close", ColumnKind::Price, TIDEMARK_MEMBER(min_close)>,
               TrendColumn<"avg_volume", ColumnKind::Volume, TIDEMARK_MEMBER(avg_volume)>,
               TrendColumn<"volatility", ColumnKind::Price, TIDEMARK_MEMBER(volatility)>,
               TrendColumn<"avg_vwap", ColumnKind::Price, TIDEMARK_MEMBER(avg_vwap)>,
               TrendColumn<"avg_pct_change", ColumnKind::Ratio, TIDEMARK_MEMBER(avg_pct_change)>,
               TrendColumn<"buy_pressure", ColumnKind::Ratio, TIDEMARK_MEMBER(buy_pressure)>,
               TrendColumn<"bar_count", ColumnKind::Count, TIDEMARK_MEMBER(bar_count)>,
               TrendColumn<"price_range", ColumnKind::Price, TIDEMARK_MEMBER(price_range)>,
               TrendColumn<"vwap_deviation_pct", ColumnKind::Ratio, TIDEMARK_MEMBER(vwap_deviation_pct)>,
               TrendColumn<"trend_signal", ColumnKind::Word, TIDEMARK_MEMBER(signal)>,
               TrendColumn<"status", ColumnKind::Word, TIDEMARK_MEMBER(status), Presence::Optional, InLake::No>,
               TrendColumn<"revision", ColumnKind::Count, TIDEMARK_MEMBER(revision), Presence::Optional>,
               TrendColumn<"feed", ColumnKind::Name, TIDEMARK_MEMBER(feed), Presence::Optional>>;
// What follows them in a row with indicators, each a member of Indicators. Prices have the places of the row.
using IndicatorColumns =
    std::tuple<IndicatorColumn<"step", ColumnKind::Count, TIDEMARK_MEMBER(step)>,
               IndicatorColumn<"last_close", ColumnKind::Price, TIDEMARK_MEMBER(last_close)>,
               IndicatorColumn<"sma_50", ColumnKind::Price, TIDEMARK_MEMBER(sma_50)>,
               IndicatorColumn<"ema_20", ColumnKind::Price, TIDEMARK_MEMBER(ema_20)>,
               IndicatorColumn<"rsi_14", ColumnKind::Ratio, TIDEMARK_MEMBER(rsi_14)>,
               IndicatorColumn<"macd", ColumnKind::Price, TIDEMARK_MEMBER(macd)>,
               IndicatorColumn<"macd_signal", ColumnKind::Price, TIDEMARK_MEMBER(macd_signal)>,
               IndicatorColumn<"macd_histogram", ColumnKind::Price, TIDEMARK_MEMBER(macd_histogram)>,
               IndicatorColumn<"bollinger_upper", ColumnKind::Price, TIDEMARK_MEMBER(bollinger_upper)>,
               IndicatorColumn<"bollinger_middle", ColumnKind::Price, TIDEMARK_MEMBER(bollinger_middle)>,
               IndicatorColumn<"bollinger_lower", ColumnKind::Price, TIDEMARK_MEMBER(bollinger_lower)>,
               IndicatorColumn<"atr_14", ColumnKind::Price, TIDEMARK_MEMBER(atr_14)>,
               IndicatorColumn<"session_vwap", ColumnKind::Price, TIDEMARK_MEMBER(session_vwap)>,
               IndicatorColumn<"trend_confirmation", ColumnKind::Word, TIDEMARK_MEMBER(trend_confirmation)>>;
#undef TIDEMARK_MEMBER

template <typename Visit>
constexpr void for_each_indicator_column(Visit&& visit) {
  std::apply([&](auto... column) { (visit(column), ...); }, IndicatorColumns{});
}

// Calls `visit` with each column. Each column has a type of its own.
template <typename Visit>
constexpr void for_each_trend_column(Visit&& visit) {
  std::apply([&](auto... column) { (visit(column), ...); }, TrendColumns{});
}

// The same for the columns of the lake.
template <typename Visit>
constexpr void for_each_lake_column_of_trends(Visit&& visit) {
  for_each_trend_column([&](auto column) {
    if constexpr (column.in_lake) visit(column);
  });
}

// How many columns of the lake have a kind for which `is_counted` returns true.
template <typename Counts>
consteval std::size_t count_lake_columns_of_trends(Counts is_counted) {
  std::size_t count = 0;
  for_each_lake_column_of_trends([&](auto column) { count += is_counted(column.kind) ? 1 : 0; });
  return count;
}

// The columns that the lake stores as DOUBLE.
constexpr bool is_measure(ColumnKind kind) {
  return kind == ColumnKind::Price || kind == ColumnKind::Volume || kind == ColumnKind::Ratio;
}

}  // namespace tidemark
