// Repeated rows: those that a writer which delivers at least once has written again, and the store has already.
//
//     a b c d | c d e     Spark was killed behind d, and does its last step again
//               └ c and d do not lie behind d: the store is asked about them, and has them
//
// A row behind the last one is new, which costs a comparison. Any other may be new, too: the watermark was lowered, or the
// topic of bars was made anew. So the store decides, and rows of the log that Tidemark itself has written cost nothing more.
#pragma once

#include <vector>

#include "core/result.h"
#include "run/interfaces/store.h"
#include "run/roles/store_intent.h"

namespace tidemark {

// Rows of the log, and the offset of each.
struct RowsOfLog {
  Publication publication;
  std::vector<Position> trends_at, bars_at;
};

// Takes the repeated rows out of the publication, and notes their offsets and the last rows in the intent. Memory: some of
// the publication's own size, if one of its rows may be repeated.
Result<void> leave_out_repeated(const Store& store, RowsOfLog& rows, StoreIntent& intent);

}  // namespace tidemark
