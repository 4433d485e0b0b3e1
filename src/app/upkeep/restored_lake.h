// RestoredLake: where the lake of a backup is put: into the new data directory, or to the place in HDFS or S3 that the settings
// say, which must hold no lake.
//
//     <lake>/.restoring   in HDFS or S3 while files are put there: what a killed restore has left is removed by the next
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "app/data_dir/lake_place.h"
#include "core/result.h"
#include "run/interfaces/disk.h"

namespace tidemark {

class RestoredLake {
 public:
  // `staging` is the folder that becomes the data directory. `place` outlives it.
  RestoredLake(const LakePlace& place, std::string staging, unsigned lake_mode);

  // An Error::setup, before anything is written, where a lake lies already.
  Result<void> check_is_free() const;
  // Removes what a killed restore has left.
  Result<void> begin();
  Disk& disk() { return own_disk_ ? *own_disk_ : place_.disk(); }
  // The path for a file of the backup, "lake/bars/dt=…/….parquet".
  std::string path_of(std::string_view name) const;
  // All files are there: ties the data directory in `staging` to the place.
  Result<void> claim() const;
  // The data directory has its name.
  Result<void> finish() const;
  void give_up();

 private:
  Result<bool> has(std::string_view name) const;
  Result<void> clear() const;
  std::string marker() const { return place_.folder() + "/.restoring"; }

  const LakePlace& place_;
  std::string staging_;
  std::unique_ptr<Disk> own_disk_;  // none: the place's
  bool is_begun_ = false;
};

}  // namespace tidemark
