// The text of a log.db's tables and views, each with its checksum in the table meta. SQL of others reads the views, and SQLite
// believes what their text says.
#pragma once

#include <string>

#include "core/result.h"
#include "io/embedded/sqlite.h"

namespace tidemark {

// Writes the checksums of the text that is there, within the transaction that made it.
Result<void> cover_schema_text(Connection& connection);

// Compares each text with its checksum. The first that does not match is damage, which names the table or view.
Result<void> check_schema_text(Connection& connection, const std::string& path);

}  // namespace tidemark
