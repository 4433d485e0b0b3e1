// Which column of a table is which field of a bar: by the names that columns usually have, or as it was said.
//
//     --columns symbol=Ticker,timestamp=Date+Time,feed=@sip
//
// Names are compared without case and without what is no letter or digit: "Trade Count" is trade_count.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/wire/fields.h"

namespace tidemark {

// One said assignment: the field is this column (of two: joined by a space), or has this value in every row.
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

// For each field that the table has, where it stands. `symbol` is the one of all rows where the table has no such
// column. An error names what is missing, and what there is.
Result<std::vector<TableColumn>> find_columns(std::span<const std::string> names, std::span<const ColumnChoice> choices,
                                              const std::optional<std::string>& symbol);

// A field's value as text says it: a number must be one by the grammar of JSON, in full.
void set_text_field(FieldName name, std::string_view text, FieldValue& value);

}  // namespace tidemark
