// The verb backup: copies a data directory while `tidemark run` works on it.
//
//     lock .restating ─▶ log.db as it is now, with the store's positions P ─▶ lake files of offsets below P ─▶ MANIFEST
//
// Rows published behind P are left out, because the copied log publishes them again. A published file of the lake never
// changes, so a hard link is as good as a copy. While .restating is locked, no file is removed.
#pragma once

#include <filesystem>

#include "app/config/configuration.h"

namespace tidemark {

struct BackupOptions {
  std::filesystem::path to;  // new or empty
  std::filesystem::path data = "tidemark-data";
  bool copy = false;         // copies the lake's files even where a link would do
  bool without_log = false;  // backs up only the lake, if its log is gone
};

using BackupRequest = Configured<BackupOptions>;

}  // namespace tidemark
