// Checksums for the rows of a log.db that has none of them yet: one that is made, or upgraded.
#pragma once

#include "core/result.h"
#include "io/embedded/sqlite.h"
#include "io/embedded/summary.h"

namespace tidemark {

// Within the caller's transaction: every row that is no record gets its checksum, and the table `summary` its row.
Result<void> cover_known_rows(Connection& connection);

// The row of the table `summary`, which has none yet.
Result<void> put_first_summary(Connection& connection, const Summary& summary);

}  // namespace tidemark
