// Forecasts when the disk of the data directory will be full, if log and lake grow as in the last week.
#pragma once

#include <optional>

#include "app/config/run_options.h"
#include "app/data_dir/check.h"

namespace tidemark {

// Bytes, and bytes per second.
struct DiskGrowth {
  double free = 0;
  double lake_rate = 0;            // for ever, because the lake keeps everything
  double log_rate = 0;             // until the log has grown by `log_left`
  std::optional<double> log_left;  // none: the log keeps everything, too
};
// In seconds; none if the disk never fills.
std::optional<double> time_until_full(const DiskGrowth& growth);

Check forecast_disk(const RunOptions& options);

}  // namespace tidemark
