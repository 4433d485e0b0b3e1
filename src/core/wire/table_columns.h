// Which column of a table is which field of a bar: by the names that columns usually have, or as it was said.
//
//     --columns symbol=Ticker,timestamp=Date+Time,feed=@sip,close=5
//
// Words are compared without case and without what is no letter or digit: "Trade Count" is trade_count. Names of one
// letter mean different things in different case (Alpaca's T is the kind of a message, its t the time): the lower case
// goes first, and the column's values must fit. Two columns that may be the same field are refused.
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

// One said assignment: the field is this column (of two: joined by a space), or has this value in every row. A number
// that is no column's name is a position, from 1.
struct ColumnChoice {
  FieldName field = FieldName::Symbol;
  std::vector<std::string> columns;  // one or two; none: the value
  std::string value;
};
// "symbol=Ticker,timestamp=Date+Time,feed=@sip"; an error says what is wrong with it.
Result<std::vector<ColumnChoice>> parse_column_choices(std::string_view text);

struct TableColumn {
  FieldName field = FieldName::Symbol;
  std::optional<std::size_t> column, second;  // of the table, from 0; none: the value
  std::string value;
};

// What some rows say in a column, as text; none where nobody knows.
using ColumnSample = std::function<std::vector<std::string>(std::size_t column)>;

// For each field that the table has, where it stands. `symbol` is the one of all rows where the table has no such
// column. An error names what is missing or doubtful, and what there is.
Result<std::vector<TableColumn>> find_columns(std::span<const std::string> names, std::span<const ColumnChoice> choices,
                                              const std::optional<std::string>& symbol, const ColumnSample& sample);

// How many of open, high, low and close these names have, or were said to have: a line with all of them is a header.
std::size_t price_columns_among(std::span<const std::string> names, std::span<const ColumnChoice> choices);

// A field's value as text says it: a number must be one in full.
void set_text_field(FieldName name, std::string_view text, const NumberForm& form, FieldValue& value);

}  // namespace tidemark
