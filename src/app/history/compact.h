// The verb compact: merges the files of days that are over, now, or writes those of another codec anew.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>

#include "app/config/configuration.h"
#include "io/parquet/memory_bound.h"

namespace tidemark {

struct CompactVerbOptions {
  std::filesystem::path data = "tidemark-data";
  std::optional<std::chrono::sys_days> day;  // none: every day that is over
  bool rewrite = false;                      // into the lake's codec, instead of merging
  bool json = false;
  std::uint64_t memory_bytes = default_memory_bytes;
};

using CompactRequest = Configured<CompactVerbOptions>;

}  // namespace tidemark
