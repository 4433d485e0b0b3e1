// How far the offsets go that the lake knows, so that no log gives them twice.
#pragma once

#include "core/result.h"
#include "io/lake/lake.h"
#include "run/interfaces/log.h"

namespace tidemark {

// The end of the offsets in the names of a table's files; 0 without any.
Result<Position> named_end(const Lake& lake, LakeTable table);

// Where all topics of a log have to begin that is made new over this lake, a multiple of offsets_of_a_log: behind every
// offset that its files are named by, and behind the position of every bar in them. Then no file takes the place of
// another, and what is said about a bar from now on counts more than what was said before. 0 if nothing was said.
Result<Position> first_free_offset(const Lake& lake);

}  // namespace tidemark
