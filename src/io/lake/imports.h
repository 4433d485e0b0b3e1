// Imports: the imports of a lake, their numbers, and how all files of an import are published, or none.
//
//     <lake>/.imports/000003.writing/                      begun; removed if its process is dead
//     <lake>/.imports/000003.showing/                      committed; the next import publishes it after a kill
//                     000003.showing/2026-11-22.000000     ─▶ bars/dt=2026-11-22/import-000003-000000.parquet
//     <lake>/.imports/000003.json                          its account, for people
//     <lake>/.imports/000003.recompute                     days whose trends have not been recomputed yet
//
// The rename of .writing to .showing commits the import. A disk without rename keeps .writing, in which the file .committed
// does so. The caller holds the restating lock throughout.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "core/result.h"
#include "io/lake/lake.h"

namespace tidemark {

class Imports {
 public:
  explicit Imports(const Lake& lake) : lake_(lake), folder_(lake.folder() + "/.imports") {}

  // Removes uncommitted imports and publishes committed ones. Returns the numbers of those it published.
  Result<std::vector<std::int64_t>> finish_killed() const;

  // Returns the next number and creates its working folder.
  Result<std::int64_t> begin() const;
  std::string working_folder(std::int64_t number) const;
  std::string path_of_part(std::int64_t number, LakeDay day, std::size_t part) const;
  void give_up(std::int64_t number) const;  // removes the working folder

  // Commits the import. `account` is for people; `days` have to be recomputed.
  Result<void> commit(std::int64_t number, const std::string& account, const std::set<LakeDay>& days) const;
  // Moves the files into their days, while no process publishes.
  Result<void> show(std::int64_t number) const;

  std::string account_path(std::int64_t number) const;
  // Days that imports have changed and that have not been recomputed since.
  Result<std::set<LakeDay>> days_to_recompute() const;
  Result<void> recomputed(const std::set<LakeDay>& days) const;

 private:
  std::string showing_folder(std::int64_t number) const;
  std::string committed_folder(std::int64_t number) const;
  bool renames() const { return lake_.disk().abilities().can(DiskAbility::Rename); }
  Result<bool> is_committed(std::int64_t number) const;
  Result<void> place(const std::string& from, const std::string& to) const;
  Result<void> write(const std::string& path, std::string_view text) const;
  Result<std::set<LakeDay>> read_days(const std::string& path) const;

  const Lake& lake_;
  std::string folder_;
};

}  // namespace tidemark
