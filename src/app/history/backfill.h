// The verb backfill: imports history from Alpaca into the lake's bars, then recomputes the trends of its days.
//
//     fetch a page ─▶ spool, durable ─▶ …  all pages  ─▶ one import, with its recompute ─▶ the spool goes
//     within the call limit                              (app/history/import.h)
//
// After a kill, the same command continues behind the last page. After a kill behind the import, it finds every bar
// already there.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "app/config/configuration.h"
#include "core/stream/window_spec.h"
#include "io/alpaca/account.h"
#include "io/disk/posix_disk.h"
#include "io/parquet/memory_bound.h"

namespace tidemark {

struct BackfillOptions {
  std::vector<std::string> symbols;  // sorted, each once; at least one
  std::chrono::sys_days from, to;    // both included
  std::string adjustment = "raw";
  AlpacaAccount account;
  std::filesystem::path data = "tidemark-data";
  unsigned lake_mode = usual_lake_mode;
  WindowSpec windows;
  bool windows_are_said = false;       // on the command line: they override those of the log
  std::uint64_t lake_cache_bytes = 0;  // most of the copies of a lake that lies elsewhere
  bool no_recompute = false;
  bool json = false;
  std::size_t threads = 4;  // recomputing a day waits for the disk more than it computes
  std::uint64_t memory_bytes = default_memory_bytes;
};

struct BackfillRequest {
  BackfillOptions options;         // data directory, windows and account come from the run
  std::optional<AlpacaFeed> feed;  // none: the run's
  RunRequest run;
};

}  // namespace tidemark
