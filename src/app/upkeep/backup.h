// The verb backup: a data directory copied while `tidemark run` works on it.
//
//     lock .restating ─▶ log.db as it is now, with the store's positions P ─▶ lake files of offsets below P ─▶ MANIFEST
//
// What was published behind P is left out: the log that was copied publishes it again. A file of the lake is never
// changed once it is shown, so a name is as good as a copy; while .restating is locked, none goes away.
#pragma once

#include <filesystem>

#include "app/config/configuration.h"

namespace tidemark {

struct BackupOptions {
  std::filesystem::path to;  // new or empty
  std::filesystem::path data = "tidemark-data";
  bool copy = false;         // files of the lake are copied even where a link would do
  bool without_log = false;  // of a lake whose log is gone, only the lake
};

using BackupRequest = Configured<BackupOptions>;

}  // namespace tidemark
