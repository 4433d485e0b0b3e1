// The end of the offsets that the lake knows, so that no log assigns them twice.
#pragma once

#include "core/result.h"
#include "io/lake/lake.h"
#include "run/interfaces/log.h"

namespace tidemark {

// The end of the offsets in the names of a table's files; 0 without files.
Result<Position> named_end(const Lake& lake, LakeTable table);

// The offset at which all topics of a new log over this lake have to begin, a multiple of offsets_of_a_log: behind all
// offsets in names of files and behind the positions of all bars. Then no new file replaces an old one, and new
// versions of a bar outrank old ones. 0 for an empty lake.
Result<Position> first_free_offset(const Lake& lake);

}  // namespace tidemark
