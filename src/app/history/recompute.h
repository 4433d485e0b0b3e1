// The verb recompute: recomputes days of the lake from its bars, also while other processes work on the data directory.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>

#include "app/config/configuration.h"
#include "core/stream/window_spec.h"
#include "io/parquet/memory_bound.h"

namespace tidemark {

struct RecomputeVerbOptions {
  std::filesystem::path data = "tidemark-data";
  std::chrono::sys_days from, to;  // both included
  WindowSpec windows;
  bool windows_are_said = false;  // on the command line: they override those of the log
  bool dry_run = false;
  bool json = false;
  std::size_t threads = 2;
  std::uint64_t memory_bytes = default_memory_bytes;
};

using RecomputeRequest = Configured<RecomputeVerbOptions>;

}  // namespace tidemark
