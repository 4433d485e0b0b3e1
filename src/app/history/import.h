// An import, for the verbs that bring history into the lake: import itself, and backfill.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "app/config/configuration.h"
#include "app/config/run_options.h"
#include "core/result.h"
#include "core/stream/window_spec.h"
#include "core/time/time.h"
#include "core/wire/table_columns.h"
#include "io/disk/posix_disk.h"
#include "io/parquet/memory_bound.h"

namespace tidemark {

struct ImportOptions {
  std::vector<std::string> files;  // at least one; "-" is standard input
  ImportFormat format = ImportFormat::Auto;
  std::vector<ColumnChoice> columns;
  TimeForm time;  // its zone and format
  bool zone_is_said = false;
  bool symbol_from_name = false;
  bool no_header = false;
  std::size_t skip_lines = 0;         // of CSV, before the header
  std::optional<NumberForm> numbers;  // of CSV; none: the rows tell
  int price_exponent = 0;             // prices are worth this power of ten
  bool says_columns() const {
    return !columns.empty() || zone_is_said || time.format || symbol_from_name || no_header || skip_lines > 0 ||
           numbers || price_exponent != 0;
  }
  BarTime bar_time = BarTime::Start;

  std::filesystem::path data = "tidemark-data";
  unsigned lake_mode = usual_lake_mode;
  WindowSpec windows;
  bool windows_are_said = false;                 // on the command line: then they go before those of the log
  std::optional<std::filesystem::path> rejects;  // none: beside the account, when there are any
  bool strict = false;
  double most_rejected = 0.01;       // of a file's rows; more let nothing in
  bool may_contradict = false;       // rows of a table, about the same bar
  bool overwrite_nulls = false;      // also by rows that only know less
  bool may_be_empty = false;         // an import that brings nothing is none that went wrong
  std::optional<std::string> feed;   // of rows that name none
  std::optional<Duration> interval;  // from one bar to the next; none: found from the data
  bool no_recompute = false;
  bool json = false;
  std::size_t threads = 2;
  std::string series;           // of pages of Alpaca: what their bars say in `feed`
  std::string verb = "import";  // for what is said to people
  std::uint64_t memory_bytes = default_memory_bytes;
};

using ImportRequest = Configured<ImportOptions>;
struct Imported {
  Result<int> ended;      // the exit code, what it means already told
  bool is_whole = false;  // its bars are in the lake, whatever became of their trends
  std::string account;    // one JSON object, when it ended well
};

// Watches for Ctrl-C (app/process/signals.h), which the caller has set up. With options.json the account is not printed.
Imported import_files(const ImportOptions& options);

// The same as a verb: returns an exit code, and has already told why it is not 0.
int import_and_tell(const ImportOptions& options);

}  // namespace tidemark
