// The lake's tables as Hive has them: the columns of its files, with Hive's types.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "run/interfaces/metastore.h"

namespace tidemark {

// What Hive is told of a time: the number that stands in the file (microseconds since 1970 UTC), which every Hive reads, or
// TIMESTAMP, on which Hive 2.3 fails.
enum class HiveTime : std::uint8_t { Bigint, Timestamp };

// stock_trends and bars, each in a folder of this name below `location`, a URI.
std::vector<CatalogTable> hive_tables(const std::string& database, std::string_view location, HiveTime time);

}  // namespace tidemark
