// Small files: read as a whole, and replaced as a whole in one step that survives a power cut.
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

// Empty if there is no such file. Error::retryable names the path; a file of more than `most` bytes is an error. A
// refused symbolic link is Error::setup.
Result<std::optional<std::string>> read_small_file(const std::string& path, std::size_t most = 64 * 1'024 * 1'024,
                                                   Links links = Links::Followed);

// Readers see either the old text or the new one, even after a kill. Mode and owner stay those of the replaced file,
// which may be behind a symbolic link; a new file gets `mode` (0600). Concurrent writers need a lock.
Result<void> replace_small_file(const std::string& path, std::string_view text, unsigned mode);

// Held while a process reads such a file and replaces it, until destroyed. It locks a hidden file beside it, which it
// removes. It does not lock the folder, because that may be a data directory, which its owner keeps locked.
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
// Waits at most ten seconds.
Result<SmallFileLock> lock_small_file(const std::string& path);

// Removes it durably; succeeds if it does not exist.
Result<void> remove_small_file(const std::string& path);

}  // namespace tidemark
