// The usual names of bar columns, as Alpaca, Polygon, Yahoo, Stooq, Binance and pandas use them.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "core/wire/fields.h"

namespace tidemark {

// Words are normalized (bare_name). A letter matches in its own case, or in the other case if its own is absent.
struct UsualNames {
  FieldName field;
  std::array<std::string_view, 3> words;
  std::string_view letter;
};
inline constexpr std::array usual_names{
    UsualNames{FieldName::Symbol, {"symbol", "ticker", "sym"}, "s"},
    UsualNames{FieldName::Timestamp, {}, "t"},  // its words: below
    UsualNames{FieldName::Open, {"open"}, "o"},
    UsualNames{FieldName::High, {"high"}, "h"},
    UsualNames{FieldName::Low, {"low"}, "l"},
    UsualNames{FieldName::Close, {"close"}, "c"},
    UsualNames{FieldName::Volume, {"volume", "vol"}, "v"},
    UsualNames{FieldName::Vwap, {"vwap"}, "vw"},
    UsualNames{FieldName::PriceChange, {"pricechange"}, ""},
    UsualNames{FieldName::PctChange, {"pctchange"}, ""},
    UsualNames{FieldName::Direction, {"direction"}, ""},
    UsualNames{FieldName::TradeCount, {"tradecount", "transactions", "trades"}, "n"},
    UsualNames{FieldName::Feed, {"feed"}, ""},
};

// A whole time in one column. The lake's exact column goes before its rounded one. A date may have its time of day in a
// second column.
inline constexpr std::string_view exact_time_name = "timestampns";
inline constexpr std::array<std::string_view, 4> time_names{"timestamp", "datetime", "windowstart", "opentime"};
inline constexpr std::string_view date_name = "date";
inline constexpr std::array<std::string_view, 2> time_of_day_names{"time", "minute"};

// Drops everything but letters and digits: "<Trade Count>" is TradeCount …
std::string letters_and_digits(std::string_view name);
// … and converts to lower case: tradecount.
std::string bare_name(std::string_view name);

}  // namespace tidemark
