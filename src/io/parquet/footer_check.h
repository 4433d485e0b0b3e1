// Whether the footer of a file of the lake can be believed: it has no checksum, and says where everything lies.
#pragma once

#include <string>

#include "core/result.h"
#include "io/parquet/lake_table.h"
#include "run/interfaces/disk.h"

namespace parquet {
class FileMetaData;
}

namespace tidemark {

// Compares it with the length of the file, with itself and with the lake's columns; reads a few bytes. What it says of a
// column's values, whoever reads them finds out (column_values.h).
Result<void> check_footer(const Disk& disk, const std::string& path, LakeTable table,
                          const parquet::FileMetaData& footer);

}  // namespace tidemark
