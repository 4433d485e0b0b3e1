// Which of some rows the lake has, for a store that reads a log with repeated rows (run/interfaces/store.h).
//
// Reads identities of the rows' days, row group by row group, so that memory does not grow with the day. No day is exchanged
// meanwhile.
#pragma once

#include "core/result.h"
#include "io/lake/lake.h"
#include "run/interfaces/store.h"

namespace tidemark {

Result<StoredRows> find_stored(const Lake& lake, const Publication& rows);

}  // namespace tidemark
