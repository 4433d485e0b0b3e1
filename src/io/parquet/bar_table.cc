#include "io/parquet/bar_table.h"

#include <fmt/format.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>
#include <parquet/schema.h>

#include <algorithm>

#include "core/time/table_time.h"
#include "core/time/timestamp.h"
#include "core/wire/encode.h"
#include "io/parquet/parquet_input.h"
#include "io/parquet/table_column.h"

namespace tidemark {
namespace {

constexpr std::size_t rows_per_batch = 4'096;

// The row as a record would say it.
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

void set_constant(const TableColumn& column, const TimeZone& zone, FieldValue& value) {
  if (column.field != FieldName::Timestamp) return set_text_field(column.field, column.value, value);
  const auto time = parse_table_time(column.value, zone);
  value.kind = time ? ValueKind::Time : ValueKind::String;
  value.time = time.value_or(EventTime{});
}

}  // namespace

struct BarTable::File {
  const Disk* disk;
  std::string path;
  TimeZone zone;
  std::shared_ptr<parquet::FileMetaData> footer;
  std::vector<TableColumn> columns;
  std::vector<std::int64_t> first_rows;  // of each group, and the end
};

BarTable::BarTable(std::unique_ptr<File> file) : file_(std::move(file)) {}
BarTable::BarTable(BarTable&&) noexcept = default;
BarTable::~BarTable() = default;

Result<BarTable> BarTable::open(const Disk& disk, const std::string& path, const BarTableOptions& options) {
  auto file = std::make_unique<File>(File{&disk, path, options.zone, nullptr, {}, {0}});
  auto opened = read_foreign_parquet(disk, path, nullptr, [&](auto& reader) { file->footer = reader.metadata(); });
  if (!opened) return std::unexpected(opened.error());
  const parquet::SchemaDescriptor& schema = *file->footer->schema();
  std::vector<std::string> names;
  for (int i = 0; i < schema.num_columns(); ++i) names.push_back(schema.Column(i)->path()->ToDotString());
  const auto refuse = [&](const std::string& why) {
    return std::unexpected(Error::setup(fmt::format("{}: {}", path, why)));
  };
  auto columns = find_columns(names, options.choices, options.symbol);
  if (!columns) return refuse(columns.error().message());
  for (TableColumn& column : *columns) {
    // Two columns are one time in text only, so the usual names take the first alone here.
    column.second.reset();
    if (!column.column) continue;
    if (auto fits = check_table_column(*schema.Column(static_cast<int>(*column.column)), column.field); !fits)
      return refuse(fits.error().message());
  }
  file->columns = std::move(*columns);
  for (int i = 0; i < file->footer->num_row_groups(); ++i)
    file->first_rows.push_back(file->first_rows.back() + file->footer->RowGroup(i)->num_rows());
  return BarTable(std::move(file));
}

std::size_t BarTable::group_count() const { return file_->first_rows.size() - 1; }
std::int64_t BarTable::first_row(std::size_t group) const { return file_->first_rows[group]; }
std::int64_t BarTable::row_count() const { return file_->first_rows.back(); }

Result<void> BarTable::read(std::size_t group, const Take& take) const {
  const auto read_group = [&](parquet::ParquetFileReader& reader) {
    struct Reading {
      FieldName field;
      std::unique_ptr<TableColumnReader> reader;
      const std::vector<FieldValue>* batch = nullptr;
    };
    const auto rows = reader.RowGroup(static_cast<int>(group));
    std::vector<Reading> readings;
    Fields fields;
    for (const TableColumn& column : file_->columns) {
      if (!column.column) {
        set_constant(column, file_->zone, fields[column.field]);
        continue;
      }
      const int index = static_cast<int>(*column.column);
      readings.push_back(
          {column.field, make_table_column_reader(rows->Column(index), *file_->footer->schema()->Column(index),
                                                  column.field, file_->zone)});
    }
    Decoded decoded;
    const std::function<std::string()> record = [&] { return as_record(fields, file_->columns); };
    for (std::int64_t row = first_row(group); row < first_row(group + 1);) {
      const auto count = std::min(rows_per_batch, static_cast<std::size_t>(first_row(group + 1) - row));
      for (Reading& reading : readings) reading.batch = &reading.reader->read(count);
      for (std::size_t i = 0; i < count; ++i, ++row) {
        for (const Reading& reading : readings) fields[reading.field] = (*reading.batch)[i];
        judge_bar(fields, decoded);
        take(row, decoded, record);
      }
    }
  };
  return read_foreign_parquet(*file_->disk, file_->path, file_->footer, read_group);
}

}  // namespace tidemark
