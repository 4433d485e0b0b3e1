// A Parquet file on a Disk, read in this room; whatever Parquet throws becomes an error that names the file.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "core/result.h"
#include "run/disk.h"

namespace parquet {
class FileMetaData;
class ParquetFileReader;
}  // namespace parquet

namespace tidemark {

// Opens the file, hands it to `read`, closes it. Every page's checksum is verified. `footer`: as it was read before.
Result<void> read_parquet(const Disk& disk, const std::string& path,
                          const std::shared_ptr<parquet::FileMetaData>& footer,
                          const std::function<void(parquet::ParquetFileReader& file)>& read);

}  // namespace tidemark
