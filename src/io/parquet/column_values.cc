#include "io/parquet/column_values.h"

#include <fmt/core.h>
#include <parquet/column_reader.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>
#include <parquet/statistics.h>

#include <algorithm>
#include <array>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace tidemark {
namespace {

constexpr std::int64_t batch_rows = 4'096;

template <typename Value>
struct PhysicalTypeOf;
template <>
struct PhysicalTypeOf<std::int64_t> : std::type_identity<parquet::Int64Type> {};
template <>
struct PhysicalTypeOf<double> : std::type_identity<parquet::DoubleType> {};
template <>
struct PhysicalTypeOf<bool> : std::type_identity<parquet::BooleanType> {};
template <>
struct PhysicalTypeOf<std::string_view> : std::type_identity<parquet::ByteArrayType> {};
template <>
struct PhysicalTypeOf<FixedBytes> : std::type_identity<parquet::FLBAType> {};

// Numbers are used as Parquet returns them. For bytes, Parquet returns pointers.
template <typename Value>
Value value_of(const Value& raw, std::size_t) {
  return raw;
}
template <typename>
std::string_view value_of(const parquet::ByteArray& raw, std::size_t) {
  return {reinterpret_cast<const char*>(raw.ptr), raw.len};
}
template <typename>
FixedBytes value_of(const parquet::FixedLenByteArray& raw, std::size_t size) {
  return {reinterpret_cast<const char*>(raw.ptr), size};
}

template <typename Value>
void check_statistics(const parquet::ColumnChunkMetaData& chunk, const ValueRange<Value>& found,
                      const std::string& name) {
  const auto said = chunk.statistics();
  if (!said) return;
  const bool same_nulls = !said->HasNullCount() || said->null_count() == found.nulls();
  const bool same_range = !said->HasMinMax() || (found.has_values() && said->EncodeMin() == found.least() &&
                                                 said->EncodeMax() == found.greatest());
  if (!same_nulls || !same_range)
    throw std::runtime_error(fmt::format("the statistics of its column {} are not those of its rows", name));
}

}  // namespace

int column_index(const parquet::FileMetaData& footer, std::string_view column) {
  return footer.schema()->ColumnIndex(std::string(column));
}

template <typename Value>
void read_batches(parquet::ParquetFileReader& file, int group, int column,
                  const std::function<void(const ValueBatch<Value>&)>& take) {
  using PhysicalType = typename PhysicalTypeOf<Value>::type;
  if (column < 0) throw std::runtime_error("it lacks a column");
  const auto& shape = *file.metadata()->schema()->Column(column);
  if (shape.physical_type() != PhysicalType::type_num || shape.max_repetition_level() > 0)
    throw std::runtime_error(fmt::format("its column {} has another type", shape.name()));
  const auto size = static_cast<std::size_t>(std::max(shape.type_length(), 0));
  const auto reader = file.RowGroup(group)->Column(column);
  auto& values_of = static_cast<parquet::TypedColumnReader<PhysicalType>&>(*reader);
  std::array<std::int16_t, batch_rows> levels;
  levels.fill(1);
  const auto raw = std::make_unique<typename PhysicalType::c_type[]>(batch_rows);
  const auto values = std::make_unique<Value[]>(batch_rows);
  ValueRange<Value> range;
  std::size_t row = 0;
  while (reader->HasNext()) {
    std::int64_t there = 0;
    const std::int64_t read = values_of.ReadBatch(batch_rows, levels.data(), nullptr, raw.get(), &there);
    for (std::int64_t i = 0; i < there; ++i) range.add(values[i] = value_of<Value>(raw[i], size));
    for (std::int64_t i = there; i < read; ++i) range.add_null();
    const auto rows = static_cast<std::size_t>(read);
    take({row, std::span(levels).first(rows), values.get()});
    row += rows;
  }
  const auto about = file.metadata()->RowGroup(group);
  if (row != static_cast<std::size_t>(about->num_rows()))
    throw std::runtime_error(fmt::format("its column {} has fewer rows than it should", shape.name()));
  check_statistics(*about->ColumnChunk(column), range, shape.name());
}

template void read_batches(parquet::ParquetFileReader&, int, int,
                           const std::function<void(const ValueBatch<std::int64_t>&)>&);
template void read_batches(parquet::ParquetFileReader&, int, int,
                           const std::function<void(const ValueBatch<double>&)>&);
template void read_batches(parquet::ParquetFileReader&, int, int, const std::function<void(const ValueBatch<bool>&)>&);
template void read_batches(parquet::ParquetFileReader&, int, int,
                           const std::function<void(const ValueBatch<std::string_view>&)>&);
template void read_batches(parquet::ParquetFileReader&, int, int,
                           const std::function<void(const ValueBatch<FixedBytes>&)>&);

}  // namespace tidemark
