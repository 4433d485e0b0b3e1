#include "io/parquet/table_types.h"

#include <fmt/format.h>
#include <parquet/schema.h>
#include <parquet/types.h>

namespace tidemark {
namespace {

bool is_time_of_day_column(const parquet::ColumnDescriptor& column) {
  return column.logical_type() && column.logical_type()->is_time();
}
const parquet::TimestampLogicalType* timestamp_type(const parquet::ColumnDescriptor& column) {
  const auto& logical = column.logical_type();
  return logical && logical->is_timestamp() ? static_cast<const parquet::TimestampLogicalType*>(logical.get())
                                            : nullptr;
}
bool is_plain_number(const parquet::ColumnDescriptor& column) {
  const auto& logical = column.logical_type();
  return !logical || logical->is_none() || logical->is_int();
}

bool is_time_column(const parquet::ColumnDescriptor& column) {
  switch (column.physical_type()) {
    case parquet::Type::INT96:
      return true;
    case parquet::Type::INT32:
      return is_date_column(column) || is_plain_number(column);
    case parquet::Type::INT64:
      return timestamp_type(column) || is_plain_number(column);
    case parquet::Type::DOUBLE:
      return true;
    default:
      return is_text_column(column);
  }
}

// True if the two columns can be a date and its time of day.
bool are_date_and_time(const parquet::ColumnDescriptor& date, const parquet::ColumnDescriptor& time_of_day) {
  const auto* const timestamp = timestamp_type(date);
  const bool is_local = is_date_column(date) || is_text_column(date) || (timestamp && !timestamp->is_adjusted_to_utc());
  return is_local && (is_time_of_day_column(time_of_day) || is_text_column(time_of_day));
}

}  // namespace

bool is_text_field(FieldName field) {
  return field == FieldName::Symbol || field == FieldName::Direction || field == FieldName::Feed;
}

bool is_text_column(const parquet::ColumnDescriptor& column) {
  const auto& logical = column.logical_type();
  return column.physical_type() == parquet::Type::BYTE_ARRAY && !(logical && logical->is_decimal());
}

bool is_date_column(const parquet::ColumnDescriptor& column) {
  return column.logical_type() && column.logical_type()->is_date();
}

bool has_time_type(const parquet::ColumnDescriptor& column) {
  return column.physical_type() == parquet::Type::INT96 || is_date_column(column) || timestamp_type(column);
}

Result<void> check_table_column(const parquet::ColumnDescriptor& column, FieldName field) {
  using parquet::Type;
  const auto type = column.physical_type();
  const auto& logical = column.logical_type();
  const bool is_decimal = logical && logical->is_decimal();
  bool fits = column.max_repetition_level() == 0;
  if (field == FieldName::Timestamp)
    fits = fits && is_time_column(column);
  else if (is_text_field(field))
    fits = fits && type == Type::BYTE_ARRAY && !is_decimal;
  else if (is_decimal)
    fits = fits && column.type_precision() <= 38;
  else
    fits = fits && (type == Type::INT32 || type == Type::INT64 || type == Type::FLOAT || type == Type::DOUBLE) &&
           !(logical && (logical->is_date() || logical->is_time() || logical->is_timestamp()));
  if (fits) return {};
  return std::unexpected(Error::setup(
      fmt::format("its column {} ({}{}) cannot be {}; choose another one with --columns {}=COLUMN", column.name(),
                  parquet::TypeToString(type), logical && !logical->is_none() ? ", " + logical->ToString() : "",
                  to_string(field), to_string(field))));
}

Result<void> check_joined_columns(const parquet::ColumnDescriptor& date, const parquet::ColumnDescriptor& time_of_day) {
  const bool are_flat = date.max_repetition_level() == 0 && time_of_day.max_repetition_level() == 0;
  if (are_flat && are_date_and_time(date, time_of_day)) return {};
  return std::unexpected(
      Error::setup(fmt::format("its columns {} ({}) and {} ({}) cannot be a date and its time of day; choose one with "
                               "--columns timestamp=COLUMN",
                               date.name(), parquet::TypeToString(date.physical_type()), time_of_day.name(),
                               parquet::TypeToString(time_of_day.physical_type()))));
}

}  // namespace tidemark
