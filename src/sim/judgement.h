// The judgement over a world that has come to rest: what log and lake hold, against what the contract expects.
#pragma once

#include <string>
#include <vector>

#include "core/pipeline/machine.h"
#include "core/result.h"
#include "io/lake/lake.h"
#include "run/interfaces/log.h"
#include "sim/naive_reading.h"
#include "sim/script.h"
#include "sim/storage.h"

namespace tidemark::sim {

// The error is a sentence on the first promise that was broken.
Result<void> compare(const Expected& expected, const std::vector<Line>& lines, Log& log, const Machine& machine,
                     const Storage& storage, const std::string& lake);

// On a disk that has rotted: whatever the log gives of its topics, and whatever stands in a file of the lake that a look at it
// finds whole, is what is expected. What cannot be read, or says that it is damaged, is nobody's error. `log` may be none.
bool is_whole(const Lake& lake);
Result<void> compare_shown(const Expected& expected, const std::vector<Line>& lines, Log* log, const Lake& lake);

}  // namespace tidemark::sim
