// BarTable: a Parquet file of bars from any source. Its rows are judged like records (contract/semantics.md §6.6).
//
// Numbers may be decimals, integers, or doubles (read as the shortest decimal that gives the same double). Times may be
// timestamps of any unit, dates, whole numbers since 1970, text, or a date and its time of day in two columns. The
// lake's own files can be read, too.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/time/table_time.h"
#include "core/wire/decode.h"
#include "core/wire/table_columns.h"
#include "run/interfaces/disk.h"

namespace parquet {
class ParquetFileReader;
}  // namespace parquet

namespace tidemark {

struct BarTableOptions {
  std::vector<ColumnChoice> choices;
  TimeForm time;
  int price_exponent = 0;             // prices are multiplied by ten to this power
  std::optional<std::string> symbol;  // of all rows
};

class BarTable {
 public:
  // A column whose type does not fit its field is Error::setup, which names the column.
  static Result<BarTable> open(const Disk& disk, const std::string& path, const BarTableOptions& options);
  BarTable(BarTable&&) noexcept;
  ~BarTable();

  std::size_t group_count() const;
  std::int64_t first_row(std::size_t group) const;  // from 0
  std::int64_t row_count() const;

  // Takes a judged row and its time. `record` returns the row as JSON, for dead letters. All arguments are valid only
  // during the call.
  using Take = std::function<void(std::int64_t row, const Decoded& decoded, const FieldValue& time,
                                  const std::function<std::string()>& record)>;
  // Reads all rows of a group in order. From any thread.
  Result<void> read(std::size_t group, const Take& take) const;

 private:
  struct File;
  static Result<void> find_in(parquet::ParquetFileReader& reader, const BarTableOptions& options, File& file);
  explicit BarTable(std::unique_ptr<File> file);
  std::unique_ptr<File> file_;
};

}  // namespace tidemark
