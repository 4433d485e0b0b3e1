// Checks the footer of a file of the lake, which has no checksum although it locates everything else.
#pragma once

#include <string>

#include "core/result.h"
#include "io/parquet/lake_table.h"
#include "run/interfaces/disk.h"

namespace parquet {
class FileMetaData;
}

namespace tidemark {

// Compares the footer with the length of the file, with itself and with the lake's columns. Reads only a few bytes.
// Statistics are checked when values are read (column_values.h).
Result<void> check_footer(const Disk& disk, const std::string& path, LakeTable table,
                          const parquet::FileMetaData& footer);

}  // namespace tidemark
