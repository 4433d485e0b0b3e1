// The verb verify: checks that a data directory holds what was written, and repairs what can be repaired.
//
//     log ─▶ lake ─▶ log against lake ─▶ [set damaged files aside ─▶ publish their rows again from the log]
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>

#include "app/config/configuration.h"
#include "io/parquet/memory_bound.h"

namespace tidemark {

struct VerifyOptions {
  std::filesystem::path data = "tidemark-data";
  std::optional<std::chrono::sys_days> day;  // only this day of the lake; none: all
  bool set_aside = false;                    // move damaged files of the lake away
  bool repair = false;                       // and publish again what the log holds; implies set_aside
  bool deep = false;                         // also check the log's indexes
  bool without_log = false;                  // check only the lake, if its log is gone
  bool json = false;
  std::uint64_t memory_bytes = default_memory_bytes;
};

using VerifyRequest = Configured<VerifyOptions>;

}  // namespace tidemark
