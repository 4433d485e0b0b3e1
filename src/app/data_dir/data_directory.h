// A data directory seen from outside: who works on it, and whether what is in it is whole. Changes nothing.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/config/run_options.h"
#include "app/data_dir/check.h"

namespace tidemark {

// Whether the disk on which it lies, or would be made, has nothing left: no bytes, or no files.
bool has_no_room(const std::filesystem::path& directory);

// A file in a directory that holds others' files and nothing of Tidemark's: a slip of --data. Empty: it is ours, empty, or new.
std::string foreign_file(const std::filesystem::path& directory);

// Can it be written, is there room, who owns it, is the log whole and of this version, what is in the lake.
// How much is in the lake, and when the disk is full.
std::vector<Check> examine_data_directory(const RunOptions& options);

}  // namespace tidemark
