// TableColumnReader: reads a column of a foreign Parquet file as fields of bars, a batch of rows at a time.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/time/table_time.h"
#include "core/wire/fields.h"
#include "core/wire/table_number.h"

namespace parquet {
class ColumnDescriptor;
class ColumnReader;
}  // namespace parquet

namespace tidemark {

class TableColumnReader {
 public:
  virtual ~TableColumnReader() = default;
  // Reads the next rows, which must exist. Valid until the next read. Throws Parquet's exceptions.
  virtual const std::vector<FieldValue>& read(std::size_t rows) = 0;
};

// For a column whose type fits the field (io/parquet/table_types.h).
std::unique_ptr<TableColumnReader> make_table_column_reader(std::shared_ptr<parquet::ColumnReader> reader,
                                                            const parquet::ColumnDescriptor& column, FieldName field,
                                                            const TimeForm& time, const NumberForm& numbers);

// For two columns that can be a date and its time of day.
std::unique_ptr<TableColumnReader> make_joined_time_reader(std::shared_ptr<parquet::ColumnReader> date,
                                                           const parquet::ColumnDescriptor& date_column,
                                                           std::shared_ptr<parquet::ColumnReader> time_of_day,
                                                           const parquet::ColumnDescriptor& time_column,
                                                           const TimeForm& form);

// The first values of a column of text, times or plain numbers, as text, without nulls; none for any other column.
std::vector<std::string> sample_of(std::shared_ptr<parquet::ColumnReader> reader,
                                   const parquet::ColumnDescriptor& column, std::size_t rows);

}  // namespace tidemark
