// The tables of log.db (docs/log.md): made when the file is new, refused when another version wrote them.
#pragma once

#include "core/result.h"
#include "io/embedded/sqlite.h"

namespace tidemark {

inline constexpr int log_schema_version = 2;

// Leaves the connection in WAL mode, with the tables of this version in place.
Result<void> open_schema(Connection& connection, const std::string& path);

}  // namespace tidemark
