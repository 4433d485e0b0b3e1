// The import of history into the lake, for the verbs import and backfill.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "app/config/configuration.h"
#include "app/config/run_options.h"
#include "app/data_dir/lake_place.h"
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
  std::optional<NumberForm> numbers;  // of CSV; none: found from the rows
  int price_exponent = 0;             // prices are multiplied by ten to this power
  bool says_columns() const {
    return !columns.empty() || zone_is_said || time.format || symbol_from_name || no_header || skip_lines > 0 ||
           numbers || price_exponent != 0;
  }
  BarTime bar_time = BarTime::Start;

  std::filesystem::path data = "tidemark-data";
  unsigned lake_mode = usual_lake_mode;
  WindowSpec windows;
  bool windows_are_said = false;                 // on the command line: they override those of the log
  std::optional<std::filesystem::path> rejects;  // none: beside the account, if there are any
  bool strict = false;
  double most_rejected = 0.01;       // share of a file's rows; beyond it nothing is imported
  bool may_contradict = false;       // rows of a table may contradict one another about a bar
  bool overwrite_nulls = false;      // rows that only add nulls count, too
  bool may_be_empty = false;         // an import without bars is no error
  std::optional<std::string> feed;   // for rows that name none
  std::optional<Duration> interval;  // from one bar to the next; none: found from the data
  bool no_recompute = false;
  bool json = false;
  std::size_t threads = 2;
  std::string series;           // of Alpaca's pages: the field `feed` of their bars
  std::string verb = "import";  // the verb named in messages
  std::uint64_t memory_bytes = default_memory_bytes;
};

using ImportRequest = Configured<ImportOptions>;
struct Imported {
  Result<int> ended;      // the exit code; its reason has been printed
  bool is_whole = false;  // its bars are in the lake, even if recomputing trends failed
  std::string account;    // one JSON object if the import succeeded
};

// Watches for Ctrl-C (app/process/signals.h), which the caller has set up. With options.json the caller prints the
// account.
Imported import_files(const ImportOptions& options, const LakePlace& place);

// The same as a verb. Returns an exit code; the reason for any code but 0 has been printed.
int import_and_tell(const ImportOptions& options, const LakePlace& place);

}  // namespace tidemark
