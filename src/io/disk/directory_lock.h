// DirectoryLock: one process owns a data directory at a time, and the second learns who the first is.
//
//     DIR                the lock: an flock on the directory itself, which no deletion of a file can open
//     DIR/tidemark.pid   the same once more, and the owner's number: programs older than the first lock look only here
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/result.h"

namespace tidemark {

class DirectoryLock {
 public:
  // Makes the directory when it is missing, with mode `folder_mode` whatever the umask. It may be a symbolic link; what lies
  // in it may not. The kernel releases the lock however the process ends.
  static Result<DirectoryLock> acquire(const std::string& directory, unsigned folder_mode = 0700);

  DirectoryLock(DirectoryLock&& other) noexcept;
  DirectoryLock& operator=(DirectoryLock&&) = delete;
  ~DirectoryLock();

 private:
  DirectoryLock(int directory, int pid_file) : directory_(directory), pid_file_(pid_file) {}
  int directory_, pid_file_;
};

// Makes it, durably and with this mode whatever the umask, unless it is there. Errors as of acquire().
Result<void> make_data_directory(const std::string& directory, unsigned mode);

// The process that owns the directory, as it wrote itself down, or as the kernel knows it ("unknown" when neither does); none
// if nobody does. Changes nothing.
std::optional<std::string> directory_owner(const std::filesystem::path& directory);

}  // namespace tidemark
