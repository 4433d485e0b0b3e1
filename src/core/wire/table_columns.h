// Which column of a table is which field of a bar: by the usual names of columns, or as the user stated it.
//
//     --columns symbol=Ticker,timestamp=Date+Time,feed=@sip,close=5
//
// Words are compared without case and without anything but letters and digits: "Trade Count" is trade_count. Names of
// one letter differ by case (Alpaca's T is the kind of a message, its t the time): the lower case goes first, and the
// column's values must fit. If two columns could be the same field, the table is refused.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/wire/fields.h"
#include "core/wire/table_number.h"

namespace tidemark {

// One stated assignment: the field is this column (two columns are joined by a space), or has this value in every row.
// A number that is no column's name is a position, from 1.
struct ColumnChoice {
  FieldName field = FieldName::Symbol;
  std::vector<std::string> columns;  // one or two; none: use the value
  std::string value;
};
// Parses "symbol=Ticker,timestamp=Date+Time,feed=@sip". The error says what is wrong with it.
Result<std::vector<ColumnChoice>> parse_column_choices(std::string_view text);

struct TableColumn {
  FieldName field = FieldName::Symbol;
  std::optional<std::size_t> column, second;  // of the table, from 0; none: use the value
  std::string value;
};

// The values of a column in some rows, as text; empty if they are unknown.
using ColumnSample = std::function<std::vector<std::string>(std::size_t column)>;

// Where each field of the table is. `symbol` applies to all rows if the table has no such column. The error names what
// is missing or ambiguous, and what is there.
Result<std::vector<TableColumn>> find_columns(std::span<const std::string> names, std::span<const ColumnChoice> choices,
                                              const std::optional<std::string>& symbol, const ColumnSample& sample);

// How many of open, high, low and close these names contain, or were assigned: a line with all of them is a header.
std::size_t price_columns_among(std::span<const std::string> names, std::span<const ColumnChoice> choices);

// Sets a field from text. A number must match the whole text.
void set_text_field(FieldName name, std::string_view text, const NumberForm& form, FieldValue& value);

}  // namespace tidemark
