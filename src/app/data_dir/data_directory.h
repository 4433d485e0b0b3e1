// A data directory seen from outside: which process works on it, and whether its contents are intact. Changes nothing.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/config/run_options.h"
#include "app/data_dir/check.h"

namespace tidemark {

// Whether the disk of the directory, or the disk on which it would be created, is out of bytes or of files.
bool has_no_room(const std::filesystem::path& directory);

// A file of another program, if the directory holds such files and none of Tidemark's: --data was probably a slip.
// Empty if the directory is ours, empty or new.
std::string foreign_file(const std::filesystem::path& directory);

// Checks whether the directory is writable, the free space, its owner, the log's integrity and version, the contents of
// the lake, and when the disk will be full.
std::vector<Check> examine_data_directory(const RunOptions& options);

}  // namespace tidemark
