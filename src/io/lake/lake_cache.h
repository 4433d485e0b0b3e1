// LakeCache: copies of a lake's files on this machine, for questions to a lake that lies elsewhere.
//
//     <lake> ─ list ─▶ what is missing is fetched, what is gone is removed ─▶ <folder>/bars/dt=2026-11-22/bars-….parquet
//
// A file of the lake never changes, and its name never comes back with other rows, so a copy is good as long as the lake
// has the name. When room is needed, the days that were asked for least recently go first. Nothing is removed while
// somebody reads: one process at a time brings the cache up to date (`.filling`), and each reader holds `.reading`.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "io/disk/shared_lock.h"
#include "io/lake/lake.h"
#include "run/interfaces/disk.h"

namespace tidemark {

// Both included; none: no bound.
struct DayRange {
  std::optional<LakeDay> from, to;
  bool has(LakeDay day) const { return (!from || *from <= day) && (!to || day <= *to); }
  bool is_bounded() const { return from || to; }
};

struct LakeCacheOptions {
  std::string folder;            // made if it is missing
  std::uint64_t most_bytes = 0;  // of the copies
  // Called with the bytes that were fetched so far, and those that have to be; never if nothing is missing. False ends it.
  std::function<bool(std::uint64_t done, std::uint64_t of)> watch = [](std::uint64_t, std::uint64_t) { return true; };
};

struct CachedLake {
  std::unique_ptr<SharedLock> reading;  // as long as it is held, the copies stay
  std::uint64_t fetched_files = 0, fetched_bytes = 0;
};

class LakeCache {
 public:
  // Both outlive it; `local` is a disk of this machine.
  LakeCache(const Lake& lake, Disk& local, LakeCacheOptions options)
      : lake_(lake), local_(local), options_(std::move(options)), copies_(local, options_.folder) {}

  // Makes the copies of these days what the lake has now. An Error::setup says that they are larger than the bound.
  Result<CachedLake> bring_up_to_date(const DayRange& days);

 private:
  struct Copy {
    LakeTable table;
    LakeDay day;
    std::string name;
    std::uint64_t bytes = 0;
  };
  struct Difference {
    std::vector<Copy> missing, gone;
    std::uint64_t kept_bytes = 0;  // of copies that stay
    std::uint64_t missing_bytes() const;
  };

  Result<void> make_folders() const;
  Result<void> remove_unfinished() const;
  Result<Difference> compare(const DayRange& days) const;
  Result<void> compare_day(LakeTable table, LakeDay day, Difference& found) const;
  Result<void> measure(std::vector<Copy>& missing) const;
  Result<void> make_room(const DayRange& days, const Difference& difference, SharedLock& reading) const;
  Result<void> fetch(const std::vector<Copy>& missing) const;
  Result<void> fetch(const Copy& file, const std::function<bool(std::uint64_t)>& add) const;
  void note_use(const DayRange& days) const;

  const Lake& lake_;
  Disk& local_;
  LakeCacheOptions options_;
  Lake copies_;
};

}  // namespace tidemark
