// A column of a Parquet file that anybody wrote, as fields of bars: a batch of rows at a time.
#pragma once

#include <memory>
#include <vector>

#include "core/result.h"
#include "core/time/time_zone.h"
#include "core/wire/fields.h"

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

// Whether a column of this kind can be the field; the error says why not.
Result<void> check_table_column(const parquet::ColumnDescriptor& column, FieldName field);

// Of one that can.
std::unique_ptr<TableColumnReader> make_table_column_reader(std::shared_ptr<parquet::ColumnReader> reader,
                                                            const parquet::ColumnDescriptor& column, FieldName field,
                                                            const TimeZone& zone);

}  // namespace tidemark
