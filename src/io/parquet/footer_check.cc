#include "io/parquet/footer_check.h"

#include <parquet/metadata.h>

#include <algorithm>
#include <span>
#include <vector>

#include "io/parquet/column_file.h"
#include "io/parquet/memory_bound.h"
#include "io/parquet/parquet_input.h"

namespace tidemark {
namespace {

constexpr std::string_view magic = "PAR1";
constexpr std::int64_t footer_tail_bytes = 8;  // behind the footer: its length, and the magic once more

// Parquet itself looks at the last four bytes only.
bool begins_as_parquet(const DiskReader& file) {
  char first[magic.size()] = {};
  const auto read = file.read(0, first);
  return !read || std::string_view(first, *read) == magic;
}

// As the file says right before its end, least byte first; whoever has opened it has looked whether it can be.
std::int64_t footer_size_of(const DiskReader& file) {
  unsigned char size[4] = {};
  (void)file.read(file.size() - footer_tail_bytes, std::span(reinterpret_cast<char*>(size), sizeof size));
  return size[0] | size[1] << 8 | size[2] << 16 | static_cast<std::int64_t>(size[3]) << 24;
}

// One part behind the other: the columns, then what the file says of their pages, then the footer; so a number that has
// changed shows. What is wrong; empty: nothing.
std::string_view wrong_place(const parquet::FileMetaData& footer, std::int64_t footer_size, std::int64_t size) {
  std::int64_t next = magic.size(), rows = 0;
  std::vector<parquet::IndexLocation> indexes;
  for (int group = 0; group < footer.num_row_groups(); ++group) {
    const auto about = footer.RowGroup(group);
    rows += about->num_rows();
    for (int column = 0; column < about->num_columns(); ++column) {
      const auto chunk = about->ColumnChunk(column);
      std::int64_t begin = chunk->data_page_offset();
      if (chunk->has_dictionary_page() && chunk->dictionary_page_offset() > 0)
        begin = std::min(begin, chunk->dictionary_page_offset());
      if (begin != next) return "a column does not lie where its footer says";
      if (chunk->num_values() != about->num_rows()) return "its footer contradicts itself about its rows";
      next += chunk->total_compressed_size();
      for (const auto& index : {chunk->GetColumnIndexLocation(), chunk->GetOffsetIndexLocation()})
        if (index) indexes.push_back(*index);
    }
  }
  std::ranges::sort(indexes, {}, &parquet::IndexLocation::offset);
  for (const parquet::IndexLocation& index : indexes) {
    if (index.offset != next || index.length <= 0) return "an index of pages does not lie where its footer says";
    next += index.length;
  }
  if (next + footer_size + footer_tail_bytes != size) return "its parts do not make up the file";
  if (rows != footer.num_rows()) return "its footer contradicts itself about its rows";
  return {};
}

}  // namespace

Result<void> check_footer(const Disk& disk, const std::string& path, LakeTable table,
                          const parquet::FileMetaData& footer) {
  const auto file = disk.open(path);
  if (!file) return std::unexpected(file.error());
  const std::uint64_t failed_before = failed_allocations();
  try {
    std::string wrong(begins_as_parquet(**file)
                          ? wrong_place(footer, footer_size_of(**file), static_cast<std::int64_t>((*file)->size()))
                          : "it does not begin as a Parquet file");
    if (wrong.empty()) wrong = difference_from(table, *footer.schema());
    if (wrong.empty()) return {};
    return std::unexpected(damaged_lake_file(path, wrong));
  } catch (const std::exception& problem) {
    if (auto shortage = shortage_of(problem, failed_before)) return std::unexpected(shortage->while_doing(path));
    return std::unexpected(damaged_lake_file(path, problem.what()));
  }
}

}  // namespace tidemark
