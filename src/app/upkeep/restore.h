// The verb restore: a backup, proved whole, becomes a data directory.
//
//     MANIFEST ─▶ copy each file beside the target, compare its sum ─▶ one rename makes it the data directory
#pragma once

#include <filesystem>

#include "app/config/configuration.h"
#include "io/disk/posix_disk.h"

namespace tidemark {

struct RestoreOptions {
  std::filesystem::path from;
  std::filesystem::path data = "tidemark-data";  // new or empty
  unsigned lake_mode = usual_lake_mode;
  bool check = false;  // only look whether the backup is whole
};

using RestoreRequest = Configured<RestoreOptions>;

}  // namespace tidemark
