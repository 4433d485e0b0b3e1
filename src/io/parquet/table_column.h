// A column of a Parquet file that anybody wrote, as fields of bars: a batch of rows at a time.
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
  // What the next rows say; they are there. Valid until the next read; throws what Parquet throws.
  virtual const std::vector<FieldValue>& read(std::size_t rows) = 0;
};

// Of a column that can be the field (io/parquet/table_types.h).
std::unique_ptr<TableColumnReader> make_table_column_reader(std::shared_ptr<parquet::ColumnReader> reader,
                                                            const parquet::ColumnDescriptor& column, FieldName field,
                                                            const TimeForm& time, const NumberForm& numbers);

// Of two that can be a date and its time of day.
std::unique_ptr<TableColumnReader> make_joined_time_reader(std::shared_ptr<parquet::ColumnReader> date,
                                                           const parquet::ColumnDescriptor& date_column,
                                                           std::shared_ptr<parquet::ColumnReader> time_of_day,
                                                           const parquet::ColumnDescriptor& time_column,
                                                           const TimeForm& form);

// The first values of a column of text, times or plain numbers, as text, without nulls; of any other column none.
std::vector<std::string> sample_of(std::shared_ptr<parquet::ColumnReader> reader,
                                   const parquet::ColumnDescriptor& column, std::size_t rows);

}  // namespace tidemark
