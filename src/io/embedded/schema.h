// The tables of log.db (docs/log.md): made when the file is new, upgraded when an earlier version wrote them, refused
// when another one did.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "core/result.h"
#include "io/embedded/sqlite.h"
#include "run/interfaces/log.h"

namespace tidemark {

inline constexpr int log_schema_version = 8;
inline constexpr int oldest_schema_version = 2;  // that is upgraded

enum class SchemaOpened : std::uint8_t { Made, Found, Upgraded };

// Leaves the connection in WAL mode, with the tables of this version in place. Topics that are made begin where
// `first_offset` says, which is asked only then.
Result<SchemaOpened> open_schema(Connection& connection, const std::string& path,
                                 const std::function<Result<Position>()>& first_offset);

Result<bool> has_tables(Connection& connection);

// SQL that asks for the offset behind the last record that a topic ever had.
std::string end_of_topic(Topic topic);

// For a connection that only reads: the tables of this version are there, or a sentence says why not.
Result<void> check_schema(Connection& connection, const std::string& path);

}  // namespace tidemark
