// The POSIX disk: files, folders and locks of the machine itself.
//
// Errors are retryable, name the path, and say what a person can do about it.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "run/interfaces/disk.h"

namespace tidemark {

// Of what is made new, whatever the umask says; what is there already keeps its mode.
struct FileModes {
  unsigned file, folder;
};
inline constexpr FileModes private_modes{.file = 0600, .folder = 0700};
inline constexpr unsigned usual_lake_mode = 0644;

// Folders can be searched by whoever can read the files in them.
constexpr FileModes lake_modes(unsigned files) {
  return {.file = files & 0666, .folder = (files & 0666) | 0100 | (files & 0444) >> 2};
}
// The folder above the lake: others may pass through it, and see nothing else in it.
constexpr unsigned data_folder_mode(unsigned lake_mode) { return 0700 | (lake_mode & 0044) >> 2; }

std::unique_ptr<Disk> make_posix_disk(FileModes modes = lake_modes(usual_lake_mode));

// The process that holds the lock of this file, as it wrote itself down ("unknown" when it did not); none if nobody does.
// Makes and takes nothing.
std::optional<std::string> lock_holder(const std::string& path);

}  // namespace tidemark
