// When the disk of the data directory is full, if log and lake grow as they did in the last week.
#pragma once

#include <optional>

#include "app/config/run_options.h"
#include "app/data_dir/check.h"

namespace tidemark {

// Bytes, and bytes a second.
struct DiskGrowth {
  double free = 0;
  double lake_rate = 0;            // for ever: the lake forgets nothing
  double log_rate = 0;             // until the log has grown by `log_left`
  std::optional<double> log_left;  // none: it forgets nothing, either
};
// Seconds; none when it does not fill.
std::optional<double> time_until_full(const DiskGrowth& growth);

Check forecast_disk(const RunOptions& options);

}  // namespace tidemark
