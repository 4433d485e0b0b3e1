// Publishes again those rows that the lake has lost but the log still holds.
#pragma once

#include "app/data_dir/damage.h"
#include "core/result.h"
#include "run/interfaces/log.h"

namespace tidemark {

// Adds one file to the day and exchanges the day's folder, so that all rows appear or none. The caller holds the
// restating lock. An error if a file of the day claims these offsets, or if the log has trimmed them meanwhile.
Result<void> republish(Log& log, const Lake& lake, const LostRows& lost);

}  // namespace tidemark
