// The imports of a lake: their numbers, and how the files of one are shown all or not at all.
//
//     <lake>/.imports/000003.writing/                      begun; its process is dead: removed
//     <lake>/.imports/000003.showing/                      whole and durable; to be shown, by whoever comes next
//                     000003.showing/2026-11-22.000000     ─▶ bars/dt=2026-11-22/import-000003-000000.parquet
//     <lake>/.imports/000003.json                          what it was, for people
//     <lake>/.imports/000003.recompute                     days whose trends do not know of it yet
//
// The rename of .writing to .showing is the moment in which an import has happened. All of this only while restating is
// locked.
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

  // Removes what was never whole, shows what was. Gives the numbers of the imports that were finished so.
  Result<std::vector<std::int64_t>> finish_killed() const;

  // The next number; its folder is there.
  Result<std::int64_t> begin() const;
  std::string working_folder(std::int64_t number) const;
  std::string path_of_part(std::int64_t number, LakeDay day, std::size_t part) const;
  void give_up(std::int64_t number) const;  // removes what was begun

  // From here on it has happened. `account` is for people; `days` are to be made anew.
  Result<void> commit(std::int64_t number, const std::string& account, const std::set<LakeDay>& days) const;
  // Puts its files into their days, in one moment for who publishes.
  Result<void> show(std::int64_t number) const;

  std::string account_path(std::int64_t number) const;
  // Days that an import has changed and nobody has made anew.
  Result<std::set<LakeDay>> days_to_recompute() const;
  Result<void> recomputed(const std::set<LakeDay>& days) const;

 private:
  std::string showing_folder(std::int64_t number) const;
  Result<void> write(const std::string& path, std::string_view text) const;
  Result<std::set<LakeDay>> read_days(const std::string& path) const;

  const Lake& lake_;
  std::string folder_;
};

}  // namespace tidemark
