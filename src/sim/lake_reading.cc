#include "sim/lake_reading.h"

#include <arrow/buffer.h>
#include <arrow/io/memory.h>
#include <fmt/format.h>
#include <parquet/api/reader.h>

#include <algorithm>
#include <exception>

#include "sim/naive_text.h"

namespace tidemark::sim {
namespace {

Int128 big_endian(const std::uint8_t* bytes, int size) {
  UInt128 value = bytes[0] >= 128 ? ~static_cast<UInt128>(0) : 0;
  for (int i = 0; i < size; ++i) value = (value << 8) | bytes[i];
  return static_cast<Int128>(value);
}

template <typename PhysicalType, typename Text>
void read_column(parquet::ColumnReader& column, std::vector<std::string>& rows, Text text) {
  auto& reader = static_cast<parquet::TypedColumnReader<PhysicalType>&>(column);
  const std::string name = " " + column.descr()->name() + "=";
  for (std::string& row : rows) {
    std::int16_t level = 0;
    alignas(16) typename PhysicalType::c_type value{};
    std::int64_t values = 0;
    reader.ReadBatch(1, &level, nullptr, &value, &values);
    row += name + (values == 0 ? "null" : text(value));
  }
}

void read_group(parquet::RowGroupReader& group, std::vector<std::string>& rows) {
  for (int i = 0; i < group.metadata()->num_columns(); ++i) {
    const auto column = group.Column(i);
    switch (column->type()) {
      case parquet::Type::BYTE_ARRAY:
        read_column<parquet::ByteArrayType>(*column, rows, [](const parquet::ByteArray& value) {
          return std::string(reinterpret_cast<const char*>(value.ptr), value.len);
        });
        break;
      case parquet::Type::INT64:
        read_column<parquet::Int64Type>(*column, rows, [](std::int64_t value) { return std::to_string(value); });
        break;
      case parquet::Type::DOUBLE:
        read_column<parquet::DoubleType>(*column, rows, [](double value) { return fmt::format("{:.9f}", value); });
        break;
      case parquet::Type::BOOLEAN:
        read_column<parquet::BooleanType>(*column, rows, [](bool value) { return value ? "true" : "false"; });
        break;
      case parquet::Type::FIXED_LEN_BYTE_ARRAY:
        read_column<parquet::FLBAType>(*column, rows, [&](const parquet::FixedLenByteArray& value) {
          return shortest(big_endian(value.ptr, column->descr()->type_length()));
        });
        break;
      default:
        throw parquet::ParquetException("a column of an unknown type");
    }
  }
}

void read_file(const std::string& bytes, std::vector<std::string>& all) {
  parquet::ReaderProperties properties;
  properties.set_page_checksum_verification(true);
  const auto buffer = std::make_shared<arrow::Buffer>(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                                      static_cast<std::int64_t>(bytes.size()));
  const auto file = parquet::ParquetFileReader::Open(std::make_shared<arrow::io::BufferReader>(buffer), properties);
  for (int i = 0; i < file->metadata()->num_row_groups(); ++i) {
    const auto group = file->RowGroup(i);
    std::vector<std::string> rows(static_cast<std::size_t>(group->metadata()->num_rows()));
    read_group(*group, rows);
    for (std::string& row : rows) all.push_back(row.substr(1));
  }
}

}  // namespace

Result<std::vector<std::string>> read_lake_file(const Lake& lake, LakeTable table, LakeDay day,
                                                const std::string& name) {
  const std::string path = lake.path_of(table, day, name);
  const auto file = lake.disk().open(path);
  if (!file) return std::unexpected(file.error());
  std::string bytes((*file)->size(), '\0');
  if (const auto read = (*file)->read(0, bytes); !read) return std::unexpected(read.error());
  std::vector<std::string> rows;
  try {
    read_file(bytes, rows);
  } catch (const std::exception& error) {
    return std::unexpected(Error::permanent(fmt::format("{} cannot be read: {}", path, error.what())));
  }
  for (std::string& row : rows) row.insert(0, "dt=" + to_text(day) + " ");
  return rows;
}

Result<std::vector<std::string>> read_lake(const Storage& storage, const std::string& lake, const std::string& table) {
  std::vector<std::string> rows;
  const std::string folder = lake + "/" + table;
  for (const std::string& day : storage.list(folder)) {
    for (const std::string& name : storage.list(folder + "/" + day)) {
      const std::string path = fmt::format("{}/{}/{}", folder, day, name);
      if (!name.ends_with(".parquet") || name.starts_with('.'))
        return std::unexpected(Error::permanent(path + " is left over"));
      try {
        const std::size_t before = rows.size();
        read_file(storage.find(path)->bytes, rows);
        for (std::size_t i = before; i < rows.size(); ++i) rows[i] = day + " " + rows[i];
      } catch (const std::exception& error) {
        return std::unexpected(Error::permanent(fmt::format("{} cannot be read: {}", path, error.what())));
      }
    }
  }
  std::ranges::sort(rows);
  return rows;
}

}  // namespace tidemark::sim
