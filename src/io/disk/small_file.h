// A small file: read whole, and replaced whole in one step that survives a power cut.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/result.h"

namespace tidemark {

enum class Links : std::uint8_t { Followed, Refused };

// None when there is no such file. Error::retryable names the path; a file of more than `most` bytes is no small one. A
// symbolic link that is refused is Error::setup.
Result<std::optional<std::string>> read_small_file(const std::string& path, std::size_t most = 64 * 1'024 * 1'024,
                                                   Links links = Links::Followed);

// Whoever reads sees the old text or the new one, whatever is killed. Mode and owner stay those of the file that is
// replaced, which is the one behind a symbolic link; a file that is new gets `mode` (0600). Two who write at once need a lock.
Result<void> replace_small_file(const std::string& path, std::string_view text, unsigned mode);

// Held by whoever reads such a file to replace it, until it is destroyed. It lies on a hidden file beside it, which goes with
// it: the folder may be a data directory, which is locked for as long as a process owns it.
class SmallFileLock {
 public:
  SmallFileLock(int descriptor, std::string path) : descriptor_(descriptor), path_(std::move(path)) {}
  SmallFileLock(SmallFileLock&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)), path_(std::move(other.path_)) {}
  SmallFileLock& operator=(SmallFileLock&&) = delete;
  ~SmallFileLock();

 private:
  int descriptor_;
  std::string path_;
};
// Waits for ten seconds at most.
Result<SmallFileLock> lock_small_file(const std::string& path);

// Gone, durably; fine when it is not there.
Result<void> remove_small_file(const std::string& path);

}  // namespace tidemark
