#include "io/lake/lake_spacing.h"

#include <parquet/file_reader.h>
#include <parquet/metadata.h>
#include <parquet/schema.h>

#include <algorithm>
#include <array>

#include "io/lake/lake_rows.h"
#include "io/parquet/parquet_input.h"

namespace tidemark {

Result<std::vector<SymbolSpacing>> read_spacings(const Lake& lake, LakeDay day) {
  const auto files = lake.files(LakeTable::Bars, day);
  if (!files) return std::unexpected(files.error());
  std::vector<std::string> paths;
  for (const LakeFile& file : *files) paths.push_back(lake.path_of(LakeTable::Bars, day, file.name));
  const auto rows = LakeRows::open(lake.disk(), LakeTable::Bars, paths, EventTime{day},
                                   EventTime{day + std::chrono::days(1)}, LakeRows::Keep::Latest);
  if (!rows) return std::unexpected(rows.error());
  std::vector<SymbolSpacing> found;
  for (std::size_t symbol = 0; symbol < rows->symbols().size(); ++symbol) {
    SymbolSpacing& each = found.emplace_back(rows->symbols()[symbol], BarSpacing{});
    const RowSlice slice = rows->of_symbol(symbol);
    for (std::size_t row = slice.begin; row < slice.end; ++row) each.spacing.observe(rows->time(row));
  }
  return found;
}

Result<bool> is_lake_file(const Disk& disk, const std::string& path) {
  constexpr std::array<std::string_view, 3> own{"timestamp_ns", "verdict", "position"};
  std::size_t found = 0;
  auto read = read_foreign_parquet(disk, path, nullptr, [&](parquet::ParquetFileReader& reader) {
    const parquet::SchemaDescriptor& schema = *reader.metadata()->schema();
    for (int i = 0; i < schema.num_columns(); ++i)
      if (std::ranges::find(own, schema.Column(i)->path()->ToDotString()) != own.end()) ++found;
  });
  if (!read) return std::unexpected(read.error());
  return found == own.size();
}

}  // namespace tidemark
