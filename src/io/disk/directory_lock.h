// DirectoryLock: one process owns a data directory at a time, and a second one learns which.
//
//     DIR                the lock: an flock on the directory itself, which deleting a file cannot release
//     DIR/tidemark.pid   locked, too, with the owner's pid: programs older than the first lock look only here
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/result.h"

namespace tidemark {

class DirectoryLock {
 public:
  // Makes the directory if it is missing, with mode `folder_mode` regardless of the umask. The directory may be a
  // symbolic link, but not what is in it. The kernel releases the lock however the process ends.
  static Result<DirectoryLock> acquire(const std::string& directory, unsigned folder_mode = 0700);

  DirectoryLock(DirectoryLock&& other) noexcept;
  DirectoryLock& operator=(DirectoryLock&&) = delete;
  ~DirectoryLock();

 private:
  DirectoryLock(int directory, int pid_file) : directory_(directory), pid_file_(pid_file) {}
  int directory_, pid_file_;
};

// Makes it durably with this mode, regardless of the umask, unless it exists. Errors as of acquire().
Result<void> make_data_directory(const std::string& directory, unsigned mode);

// The pid of the process that owns the directory, from its pid file or from the kernel ("unknown" if neither has it);
// empty if there is none. Changes nothing.
std::optional<std::string> directory_owner(const std::filesystem::path& directory);

}  // namespace tidemark
