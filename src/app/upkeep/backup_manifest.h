// BackupManifest: every file of a backup with its size and CRC-32, and a last line with the checksum of the lines
// above.
//
//     tidemark backup 1
//     made 2026-11-24T05:00:00Z by 0.1.0
//     log.db 1234944 0a1b2c3d
//     lake/bars/dt=2026-11-22/bars-000000000000-000000002000.parquet 48121 9f00aa17
//     end 2 1283065 77e0c9d2           files, bytes of all, CRC-32 of the lines above
//
// It is written last, so a folder without one is no backup.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "io/disk/file_sum.h"

namespace tidemark {

inline constexpr std::string_view manifest_name = "MANIFEST";
inline constexpr std::string_view log_name = "log.db";
inline constexpr std::string_view lake_folder_name = "lake";

struct BackupFile {
  std::string name;  // relative to the backup, and to the data directory
  FileSum sum;
  friend bool operator==(const BackupFile&, const BackupFile&) = default;
};

struct BackupManifest {
  std::string made;  // when and by which version, for people
  std::vector<BackupFile> files;
  std::uint64_t bytes() const;
};

std::string write_manifest(const BackupManifest& manifest);
// Accepts only a complete text of write_manifest, and only names that a data directory has.
Result<BackupManifest> read_manifest(std::string_view text);

}  // namespace tidemark
