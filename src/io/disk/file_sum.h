// A file's content in two numbers: its size, and the CRC-32 of zlib and gzip (RFC 1952).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "run/interfaces/disk.h"

namespace tidemark {

struct FileSum {
  std::uint64_t bytes = 0;
  std::uint32_t crc = 0;
  friend bool operator==(const FileSum&, const FileSum&) = default;
};

// Called with the number of bytes just processed; false ends the work with an error.
using FileWatch = std::function<bool(std::uint64_t bytes)>;

Result<FileSum> sum_of_file(const Disk& disk, const std::string& path, const FileWatch& watch);
FileSum sum_of_bytes(std::string_view bytes);

// Returns the sum of the copied bytes. The copy's bytes are durable; its name is once the folder is synced.
Result<FileSum> copy_file(Disk& disk, const std::string& from, const std::string& to, const FileWatch& watch);
// From one disk to another.
Result<FileSum> copy_file(const Disk& disk, const std::string& from, Disk& to_disk, const std::string& to,
                          const FileWatch& watch);

}  // namespace tidemark
