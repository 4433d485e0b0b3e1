// The verb backfill: history from Alpaca into the lake's bars, then the trends of its days.
//
//     fetch a page ─▶ spool, durable ─▶ …  all pages  ─▶ one import, with its recompute ─▶ the spool goes
//     in its turn under the limit                        (app/history/import.h)
//
// Whoever is killed goes on behind the last page; whoever is killed behind the import finds each bar there already.
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
  bool windows_are_said = false;  // on the command line: then they go before those of the log
  bool no_recompute = false;
  bool json = false;
  std::size_t threads = 4;  // days wait for the disk more than they work
  std::uint64_t memory_bytes = default_memory_bytes;
};

struct BackfillRequest {
  BackfillOptions options;         // its data directory, windows and account are the run's
  std::optional<AlpacaFeed> feed;  // else the run's
  RunRequest run;
};

}  // namespace tidemark
