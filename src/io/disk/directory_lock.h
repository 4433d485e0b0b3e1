// DirectoryLock: one process owns a data directory at a time, and the second learns who the first is.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/result.h"

namespace tidemark {

class DirectoryLock {
 public:
  // Makes the directory when it is missing. The kernel releases the lock however the process ends.
  static Result<DirectoryLock> acquire(const std::string& directory);

  DirectoryLock(DirectoryLock&& other) noexcept;
  DirectoryLock& operator=(DirectoryLock&&) = delete;
  ~DirectoryLock();

 private:
  explicit DirectoryLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

// The process that owns the directory, as it wrote itself down ("unknown" when it did not); none if nobody does. Changes
// nothing.
std::optional<std::string> directory_owner(const std::filesystem::path& directory);

}  // namespace tidemark
