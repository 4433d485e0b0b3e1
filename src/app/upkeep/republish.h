// Rows that the log has published, still holds, and the lake has lost, put into the lake once more.
#pragma once

#include "app/data_dir/damage.h"
#include "core/result.h"
#include "run/interfaces/log.h"

namespace tidemark {

// As one file more of the day, which is exchanged for one with it: all of them are there, or none. The caller holds
// restating. An error where a file of the day claims these offsets, or the log has forgotten them meanwhile.
Result<void> republish(Log& log, const Lake& lake, const LostRows& lost);

}  // namespace tidemark
