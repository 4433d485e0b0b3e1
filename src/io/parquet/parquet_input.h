// A Parquet file on a Disk, read in this room; whatever Parquet throws becomes an error that names the file.
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

// The sentence for a file of the lake whose bytes are not what was written, and what to do about it.
Error damaged_lake_file(const std::string& path, std::string_view why);

// Opens the file, hands it to `read`, closes it. Every page's checksum is verified. `footer`: as it was read before.
Result<void> read_parquet(const Disk& disk, const std::string& path,
                          const std::shared_ptr<parquet::FileMetaData>& footer,
                          const std::function<void(parquet::ParquetFileReader& file)>& read);

// As read_parquet, of a file that is not the lake's: the cure is another one.
Result<void> read_foreign_parquet(const Disk& disk, const std::string& path,
                                  const std::shared_ptr<parquet::FileMetaData>& footer,
                                  const std::function<void(parquet::ParquetFileReader& file)>& read);

}  // namespace tidemark
