#include "io/lake/lake_end.h"

#include <parquet/file_reader.h>
#include <parquet/metadata.h>
#include <parquet/statistics.h>

#include <algorithm>
#include <stdexcept>

#include "io/lake/each_file.h"
#include "io/parquet/parquet_input.h"

namespace tidemark {
namespace {

// The largest position of the bars in a file, from the statistics in its footer, without reading rows.
Position largest_position(const parquet::FileMetaData& footer) {
  const int column = footer.schema()->ColumnIndex("position");
  if (column < 0) throw std::runtime_error("it has no column position");
  Position largest = -1;
  for (int group = 0; group < footer.num_row_groups(); ++group) {
    const auto statistics = footer.RowGroup(group)->ColumnChunk(column)->statistics();
    if (!statistics || !statistics->HasMinMax() || statistics->physical_type() != parquet::Type::INT64)
      throw std::runtime_error("its column position says nothing of its largest value");
    largest = std::max(largest, static_cast<const parquet::Int64Statistics&>(*statistics).max());
  }
  return largest;
}

}  // namespace

Result<Position> named_end(const Lake& lake, LakeTable table) {
  Position end = 0;
  const auto read = each_file(lake, table, [&](LakeDay, const LakeFile& file) -> Result<void> {
    end = std::max(end, file.to);
    return {};
  });
  if (!read) return std::unexpected(read.error());
  return end;
}

Result<Position> first_free_offset(const Lake& lake) {
  const auto trends = named_end(lake, LakeTable::Trends);
  if (!trends) return trends;
  Position end = *trends;
  const auto read = each_file(lake, LakeTable::Bars, [&](LakeDay day, const LakeFile& file) {
    end = std::max(end, file.to);
    return read_parquet(
        lake.disk(), lake.path_of(LakeTable::Bars, day, file.name), nullptr,
        [&](parquet::ParquetFileReader& bars) { end = std::max(end, largest_position(*bars.metadata()) + 1); });
  });
  if (!read) return std::unexpected(read.error());
  return (end + offsets_of_a_log - 1) / offsets_of_a_log * offsets_of_a_log;
}

}  // namespace tidemark
