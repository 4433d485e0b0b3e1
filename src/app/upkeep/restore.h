// The verb restore: checks a backup and makes it a data directory.
//
//     MANIFEST ─▶ copy each file beside the target, compare its sum ─▶ one rename makes it the data directory
//
// A lake that goes to HDFS or S3 is copied to its place before that rename (restored_lake.h).
#pragma once

#include <filesystem>

#include "app/config/configuration.h"
#include "io/disk/posix_disk.h"

namespace tidemark {

struct RestoreOptions {
  std::filesystem::path from;
  std::filesystem::path data = "tidemark-data";  // new or empty
  unsigned lake_mode = usual_lake_mode;
  bool check = false;  // only check whether the backup is intact
};

using RestoreRequest = Configured<RestoreOptions>;

}  // namespace tidemark
