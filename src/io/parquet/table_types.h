// Which columns of a Parquet file that anybody wrote can be which field of a bar, by their types.
#pragma once

#include "core/result.h"
#include "core/wire/fields.h"

namespace parquet {
class ColumnDescriptor;
}  // namespace parquet

namespace tidemark {

bool is_text_field(FieldName field);  // symbol, direction, feed

bool is_text_column(const parquet::ColumnDescriptor& column);
// A column of times whose file says how they are written: timestamps, dates, INT96.
bool has_time_type(const parquet::ColumnDescriptor& column);
bool is_date_column(const parquet::ColumnDescriptor& column);

// Whether a column of this kind can be the field; the error says why not.
Result<void> check_table_column(const parquet::ColumnDescriptor& column, FieldName field);
// The same of two columns that are one time.
Result<void> check_joined_columns(const parquet::ColumnDescriptor& date, const parquet::ColumnDescriptor& time_of_day);

}  // namespace tidemark
