// The lake's folders: which days and files there are, who may change them, and how a day is exchanged for another.
//
//     <lake>/bars/dt=2026-11-22/bars-000000001000-000000002000.parquet     offsets [1000, 2000) of Topic::JudgedBars
//                               import-000003-000000.parquet               part 0 of import 3
//     <lake>/stock_trends/dt=2026-11-22/trends-000000000123-000000000456.parquet      [123, 456) of Topic::Trends
//     <lake>/.restating     locked while days are made anew: compaction, recompute, import, backup; one at a time
//     <lake>/.publishing    locked for the moments in which files are shown or a day is exchanged
//     <lake>/.anew/         days being made; nobody's `*/*.parquet` finds them
//
// dt is the UTC date of window_start, or of the bar's timestamp. A reader sees a day as it was or as it is, never
// between; the names of exchanged files vanish, so a reader that has listed them asks once more.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "io/parquet/lake_table.h"
#include "run/interfaces/disk.h"
#include "run/interfaces/log.h"

namespace tidemark {

std::string to_text(LakeDay day);  // "2026-11-22"

// A file of a day. What was published, or merged or recomputed from that, names its offsets; an import its number.
struct LakeFile {
  std::string name;           // "bars-000000001000-000000002000.parquet"
  Position from = 0, to = 0;  // [from, to) in the table's topic; [0, 0): made of nothing that the log said
  std::int64_t imported = 0;  // number of the import; 0: none
  std::int64_t part = 0;
  friend bool operator==(const LakeFile&, const LakeFile&) = default;
};
// Of a name in a day's folder; none if it is not one that the lake gives.
std::optional<LakeFile> parse_lake_file(LakeTable table, std::string_view name);
// The name that offsets have; a day that is made in several files numbers them.
std::string published_name(LakeTable table, Position from, Position to, std::int64_t part = 0);
std::string import_name(std::int64_t number, std::int64_t part);

class Lake {
 public:
  Lake(Disk& disk, std::string folder) : disk_(&disk), folder_(std::move(folder)) {}

  // Days that have a folder, oldest first; the files of one, by name. A Parquet file that the lake did not name is an
  // error that names it: readers would read it, too.
  Result<std::vector<LakeDay>> days(LakeTable table) const;
  Result<std::vector<LakeFile>> files(LakeTable table, LakeDay day) const;

  std::string folder_of(LakeTable table, LakeDay day) const;
  std::string path_of(LakeTable table, LakeDay day, std::string_view name) const;
  Disk& disk() const { return *disk_; }
  const std::string& folder() const { return folder_; }

  std::string restating_path() const { return folder_ + "/.restating"; }
  // Needs a disk on which days can be made anew (can_remake_days()). With Wait::No an error names the process that holds it.
  Result<std::unique_ptr<DiskLock>> lock_restating(Disk::Wait wait) const;
  // Keeps publishing and the exchange of days apart; none where no day can be exchanged.
  Result<std::unique_ptr<DiskLock>> lock_publishing() const;

  // Whether the disk can lock, link and exchange, as making a day anew needs; else which of them it cannot, and why.
  Result<void> can_remake_days() const;

  // Makes the tables' folders, and removes the days that a killed process began to make. Not while one is at it.
  Result<void> open() const;

  // An empty folder in which a day is made. All of this only while restating is locked.
  Result<std::string> begin_day(LakeTable table, LakeDay day) const;
  // Puts the synced files that were made there in the place of the day. Refused with a
  // retryable error when the day's files are not those that were `read`: it must be read again.
  Result<void> exchange_day(LakeTable table, LakeDay day, std::span<const LakeFile> read) const;
  void give_up_day(LakeTable table, LakeDay day) const;  // removes what was begun

 private:
  std::string table_folder(LakeTable table) const;
  std::string anew_folder(LakeTable table, LakeDay day) const;
  Result<void> remove_anew(const std::string& folder) const;
  Result<void> keep_other_files(LakeTable table, LakeDay day) const;

  Disk* disk_;
  std::string folder_;
};

}  // namespace tidemark
