// The verb verify: is everything in a data directory what was written, and what can be done about what is not.
//
//     log ─▶ lake ─▶ one against the other ─▶ [damaged files set aside ─▶ what the log holds of them published again]
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>

#include "app/config/configuration.h"
#include "io/disk/posix_disk.h"
#include "io/parquet/memory_bound.h"

namespace tidemark {

struct VerifyOptions {
  std::filesystem::path data = "tidemark-data";
  unsigned lake_mode = usual_lake_mode;
  std::optional<std::chrono::sys_days> day;  // of the lake only this one; none: all
  bool set_aside = false;                    // damaged files of the lake
  bool repair = false;                       // and publish again what the log holds; comes with set_aside
  bool deep = false;                         // the log's indexes, too
  bool without_log = false;                  // of a lake whose log is gone, only the lake
  bool json = false;
  std::uint64_t memory_bytes = default_memory_bytes;
};

using VerifyRequest = Configured<VerifyOptions>;

}  // namespace tidemark
