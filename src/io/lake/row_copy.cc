#include "io/lake/row_copy.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "io/parquet/column_file.h"

namespace tidemark {
namespace {

// The values without nulls, as ColumnFile expects them. Each row has `width` values.
template <typename Value>
std::vector<Value> dense(const RowValues<Value>& column, std::size_t width = 1) {
  std::vector<Value> values;
  for (std::size_t row = 0; row < column.is_null.size(); ++row)
    if (column.has(row))
      values.insert(values.end(), column.values.begin() + static_cast<std::ptrdiff_t>(row * width),
                    column.values.begin() + static_cast<std::ptrdiff_t>((row + 1) * width));
  return values;
}

std::vector<std::int16_t> levels_of(const std::vector<std::uint8_t>& is_null) {
  std::vector<std::int16_t> levels(is_null.size());
  std::ranges::transform(is_null, levels.begin(), [](std::uint8_t null) { return null != 0 ? 0 : 1; });
  return levels;
}

// Passes the values and levels of a column to `write`.
template <typename Found, typename Write>
Result<void> copy_values(const Result<Found>& found, std::size_t width, Write write) {
  if (!found) return std::unexpected(found.error());
  if (found->is_null.empty()) return write(found->values, ColumnFile::Levels{});
  const auto levels = levels_of(found->is_null);
  return write(dense(*found, width), ColumnFile::Levels(levels));
}

Result<void> copy_column(const LakeRows& rows, const LakeColumn& column, RowSlice slice, ColumnFile& out) {
  switch (column.type) {
    case ColumnType::Integer:
      return copy_values(rows.integers(column.name, slice), 1,
                         [&](const auto& values, auto levels) { return out.integers(values, levels); });
    case ColumnType::Double:
      return copy_values(rows.doubles(column.name, slice), 1,
                         [&](const auto& values, auto levels) { return out.doubles(values, levels); });
    case ColumnType::Boolean:
      return copy_values(rows.booleans(column.name, slice), 1,
                         [&](const auto& values, auto levels) { return out.booleans(values, levels); });
    case ColumnType::Decimal:
      return copy_values(rows.decimals(column.name, column.size, slice), column.size,
                         [&](const auto& bytes, auto levels) { return out.decimals(bytes, levels); });
    case ColumnType::Text:
      break;
  }
  const auto texts = rows.texts(column.name, slice);
  if (!texts) return std::unexpected(texts.error());
  return out.texts({texts->numbers, texts_of(texts->texts)});
}

}  // namespace

Result<void> copy_rows(const Lake& lake, LakeTable table, const LakeRows& rows, const std::string& path,
                       std::size_t rows_per_group) {
  auto file = lake.disk().create(path);
  if (!file) return std::unexpected(file.error());
  auto out = ColumnFile::create(
      table, lake.compression(), [&](std::string_view bytes) { return (*file)->append(bytes); }, rows.contract());
  if (!out) return std::unexpected(out.error());
  for (std::size_t begin = 0; begin < rows.size(); begin += rows_per_group) {
    const RowSlice slice{begin, std::min(rows.size(), begin + rows_per_group)};
    if (auto begun = out->begin_group(); !begun) return begun;
    for (const LakeColumn& column : lake_columns(table))
      if (auto copied = copy_column(rows, column, slice, *out); !copied) return copied;
  }
  if (auto finished = out->finish(); !finished) return finished;
  return (*file)->sync();
}

}  // namespace tidemark
