// The POSIX disk: the machine's files, folders and locks.
//
// Errors are retryable, name the path, and say what a person can do.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "run/interfaces/disk.h"

namespace tidemark {

// The modes of new files and folders, regardless of the umask. Existing ones keep theirs.
struct FileModes {
  unsigned file, folder;
};
inline constexpr FileModes private_modes{.file = 0600, .folder = 0700};
inline constexpr unsigned usual_lake_mode = 0644;

// Folders can be searched by everyone who can read the files in them.
constexpr FileModes lake_modes(unsigned files) {
  return {.file = files & 0666, .folder = (files & 0666) | 0100 | (files & 0444) >> 2};
}
// The folder above the lake: others may pass through it, and see nothing else in it.
constexpr unsigned data_folder_mode(unsigned lake_mode) { return 0700 | (lake_mode & 0044) >> 2; }

std::unique_ptr<Disk> make_posix_disk(FileModes modes = lake_modes(usual_lake_mode));

// The pid of the process that holds this file's lock ("unknown" if it did not write it); empty if no process does.
// Changes nothing.
std::optional<std::string> lock_holder(const std::string& path);

}  // namespace tidemark
