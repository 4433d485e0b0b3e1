// A small file: read whole, and replaced whole in one step that survives a power cut.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/result.h"

namespace tidemark {

// None when there is no such file. Error::retryable names the path; a file of more than `most` bytes is no small one.
Result<std::optional<std::string>> read_small_file(const std::string& path, std::size_t most = 64 * 1'024 * 1'024);

// Whoever reads sees the old text or the new one, whatever is killed. Mode and owner stay those of the file that is
// replaced, which is the one behind a symbolic link; a file that is new gets `mode` (0600). Two who write at once need a lock.
Result<void> replace_small_file(const std::string& path, std::string_view text, unsigned mode);

// Held by whoever reads such a file to replace it, until it is destroyed. It lies on the folder, so that nothing has to lie
// beside the file.
class SmallFileLock {
 public:
  explicit SmallFileLock(int descriptor) : descriptor_(descriptor) {}
  SmallFileLock(SmallFileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  SmallFileLock& operator=(SmallFileLock&&) = delete;
  ~SmallFileLock();
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};
// Waits for ten seconds at most.
Result<SmallFileLock> lock_small_file(const std::string& path);

// Gone, durably; fine when it is not there.
Result<void> remove_small_file(const std::string& path);

}  // namespace tidemark
