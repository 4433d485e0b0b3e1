// The names that columns of bars usually have, as Alpaca, Polygon, Yahoo, Stooq, Binance and pandas give them.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "core/wire/fields.h"

namespace tidemark {

// Words are bare (bare_name); a letter is one only in its own case, or in the other one where its own is not there.
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

// A whole time in one column; the lake's exact one goes before its rounded one. A date's time of day may stand beside it.
inline constexpr std::string_view exact_time_name = "timestampns";
inline constexpr std::array<std::string_view, 4> time_names{"timestamp", "datetime", "windowstart", "opentime"};
inline constexpr std::string_view date_name = "date";
inline constexpr std::array<std::string_view, 2> time_of_day_names{"time", "minute"};

// Without what is no letter or digit: "<Trade Count>" is TradeCount …
std::string letters_and_digits(std::string_view name);
// … and without case: tradecount.
std::string bare_name(std::string_view name);

}  // namespace tidemark
