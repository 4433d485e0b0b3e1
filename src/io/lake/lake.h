// Lake: the folders of the lake: its days and files, the locks for changing them, and the exchange of a day.
//
//     <lake>/bars/dt=2026-11-22/bars-000000001000-000000002000.parquet     offsets [1000, 2000) of Topic::JudgedBars
//                               import-000003-000000.parquet               part 0 of import 3
//     <lake>/stock_trends/dt=2026-11-22/trends-000000000123-000000000456.parquet      [123, 456) of Topic::Trends
//     <lake>/.restating     locked while days are remade: compaction, recompute, import, backup; one at a time
//     <lake>/.publishing    locked for the moments in which files are published or a day is exchanged
//     <lake>/.anew/         days being made, which no reader's `*/*.parquet` finds
//     <lake>/.old/          days being replaced, where the disk cannot exchange folders (day_exchange.h)
//
// dt is the UTC date of window_start, or of the bar's timestamp. A reader sees the old day or the new one, and for a
// moment neither where the disk cannot exchange folders, but never a row twice. The names of exchanged files vanish, so
// a reader that has listed them has to list again.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "io/lake/day_exchange.h"
#include "io/parquet/column_file.h"
#include "io/parquet/lake_table.h"
#include "run/interfaces/disk.h"
#include "run/interfaces/log.h"

namespace tidemark {

std::string to_text(LakeDay day);  // "2026-11-22"

// A file of a day. The name of a published, merged or recomputed file has its offsets; that of an import has its
// number.
struct LakeFile {
  std::string name;           // "bars-000000001000-000000002000.parquet"
  Position from = 0, to = 0;  // [from, to) in the table's topic; [0, 0): no rows from a log
  std::int64_t imported = 0;  // number of the import; 0: none
  std::int64_t part = 0;
  friend bool operator==(const LakeFile&, const LakeFile&) = default;
};
// Parses a name in a day's folder; none if it is not a name of the lake.
std::optional<LakeFile> parse_lake_file(LakeTable table, std::string_view name);
// The name for a range of offsets. The files of a day that is made in several parts, or again, are numbered.
std::string published_name(LakeTable table, Position from, Position to, std::int64_t part = 0);
std::string import_name(std::int64_t number, std::int64_t part);
// The first number of a part that no file of this range has: a name never comes back with other rows, so that readers
// and copies may rely on it.
std::int64_t free_part(std::span<const LakeFile> files, Position from, Position to);

class Lake {
 public:
  Lake(Disk& disk, std::string folder, PageCompression compression = PageCompression::Zstd)
      : disk_(&disk), folder_(std::move(folder)), compression_(compression) {}

  // The days with a folder, oldest first, and the files of a day, by name. A foreign Parquet file is an error that
  // names it, because readers would read it, too.
  Result<std::vector<LakeDay>> days(LakeTable table) const;
  Result<std::vector<LakeFile>> files(LakeTable table, LakeDay day) const;

  std::string folder_of(LakeTable table, LakeDay day) const;
  std::string path_of(LakeTable table, LakeDay day, std::string_view name) const;
  Disk& disk() const { return *disk_; }
  const std::string& folder() const { return folder_; }
  PageCompression compression() const { return compression_; }  // of files that are written

  std::string restating_path() const { return folder_ + "/.restating"; }
  // Finishes the exchange of a day that a killed process had decided. With Wait::No the error names the process that
  // holds the lock.
  Result<std::unique_ptr<DiskLock>> lock_restating(Disk::Wait wait) const;
  // Finishes the exchange of a day that a killed process left behind, which hides that day from readers. Nothing where an
  // exchange is one step, or while somebody remakes days.
  Result<void> finish_left_behind() const;
  // Keeps publishing and the exchange of days apart.
  Result<std::unique_ptr<DiskLock>> lock_publishing() const { return exchange().lock_publishing(); }

  // Makes the tables' folders; removes the days that a killed process began to make, and finishes those that it had
  // decided. Not while one is at it.
  Result<void> open() const;

  // Creates an empty folder in which a day is made. The caller of this and of the following functions holds the
  // restating lock.
  Result<std::string> begin_day(LakeTable table, LakeDay day) const;
  enum class OtherFiles : std::uint8_t { Stay, Refused };
  // Replaces these files of the day by the synced files made in that folder, none of which has the name of a file that
  // it replaces. A retryable error if one of them is gone, or if there are others and they are refused: then the day
  // must be read again.
  Result<void> exchange_day(LakeTable table, LakeDay day, std::span<const LakeFile> replaced, OtherFiles others) const;
  void give_up_day(LakeTable table, LakeDay day) const;  // removes what was begun

 private:
  std::string table_folder(LakeTable table) const;
  DayExchange exchange() const { return {*disk_, folder_}; }

  Disk* disk_;
  std::string folder_;
  PageCompression compression_;
};

}  // namespace tidemark
