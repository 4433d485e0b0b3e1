#include "io/parquet/bar_table.h"

#include <fmt/format.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>
#include <parquet/schema.h>

#include <algorithm>

#include "core/time/timestamp.h"
#include "core/wire/encode.h"
#include "io/parquet/memory_bound.h"
#include "io/parquet/parquet_input.h"
#include "io/parquet/table_column.h"
#include "io/parquet/table_types.h"

namespace tidemark {
namespace {

constexpr std::size_t rows_per_batch = 4'096;
constexpr std::size_t rows_of_sample = 4'096;

// The row as a JSON record.
std::string as_record(const Fields& fields, const std::vector<TableColumn>& columns) {
  std::string record = "{";
  for (const TableColumn& column : columns) {
    const FieldValue& value = fields[column.field];
    if (record.size() > 1) record += ',';
    append_json_string(to_string(column.field), record);
    record += ':';
    if (value.kind == ValueKind::Number && !value.number.out_of_range)
      append_decimal(value.number.nanos, record);
    else if (value.kind == ValueKind::Time)
      append_json_string(format_timestamp(value.time), record);
    else if (value.kind == ValueKind::Null)
      record += "null";
    else
      append_json_string(value.kind == ValueKind::Number ? "out of range" : value.text, record);
  }
  return record + '}';
}

void set_constant(const TableColumn& column, const TimeForm& form, FieldValue& value) {
  if (column.field != FieldName::Timestamp) return set_text_field(column.field, column.value, {}, value);
  const auto time = parse_table_time(column.value, form);
  value.kind = time ? ValueKind::Time : ValueKind::String;
  value.time = time.value_or(TableTime{}).time;
}

// Calls `read`, and adds the name of the column to an error of too little memory.
template <typename Read>
auto of_column(std::string_view name, Read read) {
  const std::uint64_t failed_before = failed_allocations();
  try {
    return read();
  } catch (const std::exception& problem) {
    auto shortage = shortage_of(problem, failed_before);
    if (!shortage) throw;
    throw MemoryShortage(shortage->while_doing(fmt::format("its column {}", name)));
  }
}

// No table of bars packs a thousand rows into a byte. A footer that claims so would fill the disk with rows that nobody
// wrote.
Result<void> check_row_count(const Disk& disk, const std::string& path, std::int64_t rows) {
  constexpr std::uint64_t most_rows_a_byte = 1'000;
  const auto file = disk.open(path);
  if (!file) return std::unexpected(file.error());
  const std::uint64_t bytes = (*file)->size();
  if (rows >= 0 && static_cast<std::uint64_t>(rows) / most_rows_a_byte <= bytes) return {};
  return std::unexpected(Error::permanent(fmt::format(
      "{} says that it has {} rows in {} bytes, which no table of bars has; get it again", path, rows, bytes)));
}

// The values of a column in the first rows of the file; none if the file has no rows.
std::vector<std::string> first_values(parquet::ParquetFileReader& file, std::size_t column) {
  if (file.metadata()->num_row_groups() == 0 || file.metadata()->RowGroup(0)->num_rows() == 0) return {};
  const auto rows = static_cast<std::size_t>(file.metadata()->RowGroup(0)->num_rows());
  const int index = static_cast<int>(column);
  const auto& descriptor = *file.metadata()->schema()->Column(index);
  return of_column(descriptor.path()->ToDotString(), [&] {
    return sample_of(file.RowGroup(0)->Column(index), descriptor, std::min(rows, rows_of_sample));
  });
}

// For two columns, each date together with its time of day, as text.
std::vector<std::string> time_sample(parquet::ParquetFileReader& file, const TableColumn& column) {
  std::vector<std::string> times = first_values(file, *column.column);
  if (!column.second) return times;
  const auto seconds = first_values(file, *column.second);
  if (seconds.size() != times.size()) return times;
  for (std::size_t i = 0; i < times.size(); ++i) times[i].append(1, ' ').append(seconds[i]);
  return times;
}

}  // namespace

struct BarTable::File {
  const Disk* disk;
  std::string path;
  TimeForm time;
  NumberForm numbers;
  std::shared_ptr<parquet::FileMetaData> footer;
  std::vector<TableColumn> columns;
  std::vector<std::int64_t> first_rows;  // of each group, then the end
};

// Finds the column of each field, checks its type, and learns how times are written.
Result<void> BarTable::find_in(parquet::ParquetFileReader& reader, const BarTableOptions& options, File& file) {
  const parquet::SchemaDescriptor& schema = *file.footer->schema();
  std::vector<std::string> names;
  for (int i = 0; i < schema.num_columns(); ++i) names.push_back(schema.Column(i)->path()->ToDotString());
  auto columns = find_columns(names, options.choices, options.symbol,
                              [&](std::size_t column) { return first_values(reader, column); });
  if (!columns) return std::unexpected(columns.error());
  file.columns = std::move(*columns);
  for (const TableColumn& column : file.columns) {
    if (!column.column) continue;
    const auto& descriptor = *schema.Column(static_cast<int>(*column.column));
    auto fits = column.second ? check_joined_columns(descriptor, *schema.Column(static_cast<int>(*column.second)))
                              : check_table_column(descriptor, column.field);
    if (!fits) return fits;
    if (column.field != FieldName::Timestamp || has_time_type(descriptor)) continue;
    if (auto learned = learn_time_form(time_sample(reader, column), file.time); !learned) return learned;
  }
  return {};
}

BarTable::BarTable(std::unique_ptr<File> file) : file_(std::move(file)) {}
BarTable::BarTable(BarTable&&) noexcept = default;
BarTable::~BarTable() = default;

Result<BarTable> BarTable::open(const Disk& disk, const std::string& path, const BarTableOptions& options) {
  auto file = std::make_unique<File>(
      File{&disk, path, options.time, NumberForm{.price_exponent = options.price_exponent}, nullptr, {}, {0}});
  Result<void> found, right;
  auto opened = read_foreign_parquet(disk, path, nullptr, [&](parquet::ParquetFileReader& reader) {
    file->footer = reader.metadata();
    for (int i = 0; i < file->footer->num_row_groups(); ++i)
      file->first_rows.push_back(file->first_rows.back() + file->footer->RowGroup(i)->num_rows());
    right = check_row_count(disk, path, file->first_rows.back());
    if (right) found = find_in(reader, options, *file);
  });
  if (!opened) return std::unexpected(opened.error());
  if (!right) return std::unexpected(right.error());
  if (!found) return std::unexpected(Error::setup(fmt::format("{}: {}", path, found.error().message())));
  return BarTable(std::move(file));
}

std::size_t BarTable::group_count() const { return file_->first_rows.size() - 1; }
std::int64_t BarTable::first_row(std::size_t group) const { return file_->first_rows[group]; }
std::int64_t BarTable::row_count() const { return file_->first_rows.back(); }

Result<void> BarTable::read(std::size_t group, const Take& take) const {
  const auto read_group = [&](parquet::ParquetFileReader& reader) {
    struct Reading {
      FieldName field;
      std::string name;
      std::unique_ptr<TableColumnReader> reader;
      const std::vector<FieldValue>* batch = nullptr;
    };
    const auto rows = reader.RowGroup(static_cast<int>(group));
    std::vector<Reading> readings;
    Fields fields;
    for (const TableColumn& column : file_->columns) {
      if (!column.column) {
        set_constant(column, file_->time, fields[column.field]);
        continue;
      }
      const auto descriptor = [&](std::size_t index) -> const parquet::ColumnDescriptor& {
        return *file_->footer->schema()->Column(static_cast<int>(index));
      };
      const auto values = [&](std::size_t index) { return rows->Column(static_cast<int>(index)); };
      const std::size_t first = *column.column;
      readings.push_back({column.field, descriptor(first).path()->ToDotString(),
                          column.second
                              ? make_joined_time_reader(values(first), descriptor(first), values(*column.second),
                                                        descriptor(*column.second), file_->time)
                              : make_table_column_reader(values(first), descriptor(first), column.field, file_->time,
                                                         file_->numbers)});
    }
    Decoded decoded;
    const std::function<std::string()> record = [&] { return as_record(fields, file_->columns); };
    for (std::int64_t row = first_row(group); row < first_row(group + 1);) {
      const auto count = std::min(rows_per_batch, static_cast<std::size_t>(first_row(group + 1) - row));
      for (Reading& reading : readings)
        reading.batch = of_column(reading.name, [&] { return &reading.reader->read(count); });
      for (std::size_t i = 0; i < count; ++i, ++row) {
        for (const Reading& reading : readings) fields[reading.field] = (*reading.batch)[i];
        judge_bar(fields, decoded);
        take(row, decoded, fields[FieldName::Timestamp], record);
      }
    }
  };
  return read_foreign_parquet(*file_->disk, file_->path, file_->footer, read_group);
}

}  // namespace tidemark
