// Decides by their types which columns of a foreign Parquet file can be which fields of a bar.
#pragma once

#include "core/result.h"
#include "core/wire/fields.h"

namespace parquet {
class ColumnDescriptor;
}  // namespace parquet

namespace tidemark {

bool is_text_field(FieldName field);  // symbol, direction, feed

bool is_text_column(const parquet::ColumnDescriptor& column);
// True for a column whose type is a time: timestamp, date, INT96.
bool has_time_type(const parquet::ColumnDescriptor& column);
bool is_date_column(const parquet::ColumnDescriptor& column);

// Checks that a column of this type can be the field. The error says why not.
Result<void> check_table_column(const parquet::ColumnDescriptor& column, FieldName field);
// The same for two columns that are joined to one time.
Result<void> check_joined_columns(const parquet::ColumnDescriptor& date, const parquet::ColumnDescriptor& time_of_day);

}  // namespace tidemark
