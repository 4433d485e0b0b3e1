// Opens Parquet files on a Disk. Exceptions of Parquet become errors that name the file.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "core/result.h"
#include "run/interfaces/disk.h"

namespace parquet {
class FileMetaData;
class ParquetFileReader;
}  // namespace parquet

namespace tidemark {

// The error for a file of the lake whose bytes have changed, with the cure.
Error damaged_lake_file(const std::string& path, std::string_view why);

// Opens the file, calls `read`, and closes it. The checksum of every page is verified. `footer` is the one of an
// earlier read, or null.
Result<void> read_parquet(const Disk& disk, const std::string& path,
                          const std::shared_ptr<parquet::FileMetaData>& footer,
                          const std::function<void(parquet::ParquetFileReader& file)>& read);

// The same for a file that is not the lake's, with another cure.
Result<void> read_foreign_parquet(const Disk& disk, const std::string& path,
                                  const std::shared_ptr<parquet::FileMetaData>& footer,
                                  const std::function<void(parquet::ParquetFileReader& file)>& read);

}  // namespace tidemark
