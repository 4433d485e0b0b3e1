// The judgement over a disk that has rotted: whatever can still be read is right.
//
// Right is what the naive reading makes of the lines before the log's own cursor. What cannot be read, or reports damage,
// is no broken promise.
#pragma once

#include "core/result.h"
#include "core/stream/window_spec.h"
#include "io/lake/lake.h"
#include "run/interfaces/log.h"
#include "sim/script_feed.h"

namespace tidemark::sim {

// Whether every file of the lake passes the check that `verify` makes.
bool is_whole(const Lake& lake);

// Each record that the log returns, and each row in a file of the lake that is whole. `log` may be none: it cannot be opened.
// The error is a sentence on the first that is wrong.
Result<void> judge_shown(const ScriptFeed& feed, const WindowSpec& windows, Log* log, const Lake& lake);

}  // namespace tidemark::sim
