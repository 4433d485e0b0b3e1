#include "io/lake/lake_rewriter.h"

#include <fmt/core.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>

#include <algorithm>
#include <utility>

#include "io/lake/days_due.h"
#include "io/lake/imports.h"
#include "io/lake/lake_rows.h"
#include "io/lake/row_copy.h"
#include "io/parquet/parquet_input.h"

namespace tidemark {
namespace {

// A number of a part that no file of the import has.
std::int64_t next_part(const std::vector<LakeFile>& files, std::int64_t number) {
  std::int64_t part = 0;
  for (const LakeFile& file : files)
    if (file.imported == number) part = std::max(part, file.part + 1);
  return part;
}

}  // namespace

Result<bool> LakeRewriter::has_other_codec(LakeTable table, LakeDay day, const LakeFile& file) const {
  bool is_packed = true;
  auto read = read_parquet(
      lake_.disk(), lake_.path_of(table, day, file.name), nullptr,
      [&](parquet::ParquetFileReader& opened) { is_packed = is_packed_as(*opened.metadata(), lake_.compression()); });
  if (!read) return std::unexpected(read.error());
  return !is_packed;
}

Result<LakeRewriter::Due> LakeRewriter::due_of(LakeTable table, LakeDay day, const std::vector<LakeFile>& files,
                                               const Published& published) const {
  const Position end = end_of(table, published);
  Due due;
  bool is_due = false;
  for (const LakeFile& file : files) {
    if (file.to > end) continue;
    const auto other = file.imported == 0 && is_due ? Result<bool>(false) : has_other_codec(table, day, file);
    if (!other) return std::unexpected(other.error());
    if (file.imported == 0) {
      is_due = is_due || *other;
      due.published.push_back(file);
    } else if (*other) {
      due.imported.push_back(file);
    }
  }
  if (!is_due) due.published.clear();
  return due;
}

Result<std::vector<DayOfTable>> LakeRewriter::due(const Published& published) const {
  return days_due(lake_, LakeDay::max(), [&](LakeTable table, LakeDay day) -> Result<bool> {
    const auto files = lake_.files(table, day);
    if (!files) return std::unexpected(files.error());
    const auto due = due_of(table, day, *files, published);
    if (!due) return std::unexpected(due.error());
    return !due->published.empty() || !due->imported.empty();
  });
}

Result<Compacted> LakeRewriter::rewrite(const DayOfTable& which, const Published& published) const {
  const LakeTable table = table_of(which);
  const auto restating = lake_.lock_restating(Disk::Wait::No);
  if (!restating) return std::unexpected(restating.error());
  // An import that was killed in the midst of showing its files would show one under the name of another that is new here.
  if (auto finished = Imports(lake_).finish_killed(); !finished) return std::unexpected(finished.error());
  const auto files = lake_.files(table, which.day);
  if (!files) return std::unexpected(files.error());
  const auto due = due_of(table, which.day, *files, published);
  if (!due) return std::unexpected(due.error());
  if (due->published.empty() && due->imported.empty()) return Compacted{};
  auto done = rewrite(table, which.day, *files, *due);
  if (!done) lake_.give_up_day(table, which.day);
  return done;
}

Result<Compacted> LakeRewriter::rewrite(LakeTable table, LakeDay day, const std::vector<LakeFile>& files,
                                        const Due& due) const {
  const auto folder = lake_.begin_day(table, day);
  if (!folder) return std::unexpected(folder.error());
  Compacted done;
  std::vector<LakeFile> known = files, replaced = due.published;
  if (!due.published.empty()) {
    Position from = due.published.front().from, to = 0;
    for (const LakeFile& file : due.published) from = std::min(from, file.from), to = std::max(to, file.to);
    const std::string name = published_name(table, from, to, free_part(files, from, to));
    if (auto copied = copy(table, day, due.published, fmt::format("{}/{}", *folder, name), done); !copied)
      return std::unexpected(copied.error());
  }
  for (const LakeFile& file : due.imported) {
    const std::int64_t part = next_part(known, file.imported);
    const std::string path = fmt::format("{}/{}", *folder, import_name(file.imported, part));
    if (auto copied = copy(table, day, {file}, path, done); !copied) return std::unexpected(copied.error());
    known.push_back({.name = {}, .imported = file.imported, .part = part});
    replaced.push_back(file);
  }
  // Files that are published meanwhile stay, too.
  if (auto shown = lake_.exchange_day(table, day, replaced, Lake::OtherFiles::Stay); !shown)
    return std::unexpected(shown.error());
  return done;
}

Result<void> LakeRewriter::copy(LakeTable table, LakeDay day, const std::vector<LakeFile>& files,
                                const std::string& path, Compacted& done) const {
  const auto add_size = [&](const std::string& of, std::uint64_t& bytes) -> Result<void> {
    const auto file = lake_.disk().open(of);
    if (!file) return std::unexpected(file.error());
    bytes += (*file)->size();
    return {};
  };
  std::vector<std::string> paths;
  for (const LakeFile& file : files) {
    paths.push_back(lake_.path_of(table, day, file.name));
    if (auto added = add_size(paths.back(), done.bytes_before); !added) return added;
  }
  const auto rows = LakeRows::open(lake_.disk(), table, paths, EventTime::min(), EventTime::max(), LakeRows::Keep::All);
  if (!rows) return std::unexpected(rows.error());
  if (auto copied = copy_rows(lake_, table, *rows, path, rows_per_group_); !copied) return copied;
  done.files += files.size();
  done.rows += rows->size();
  return add_size(path, done.bytes_after);
}

}  // namespace tidemark
