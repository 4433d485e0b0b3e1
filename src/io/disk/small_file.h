// A small file: read whole, and replaced whole in one step that survives a power cut.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"

namespace tidemark {

// None when there is no such file. Error::retryable names the path; a file of more than `most` bytes is no small one.
Result<std::optional<std::string>> read_small_file(const std::string& path, std::size_t most = 64 * 1'024 * 1'024);

// Whoever reads sees the old text or the new one, whatever is killed. Mode and owner stay those of the file that is
// replaced, which is the one behind a symbolic link; a file that is new gets `mode` (0600). Two who write at once need a lock.
Result<void> replace_small_file(const std::string& path, std::string_view text, unsigned mode);

// Gone, durably; fine when it is not there.
Result<void> remove_small_file(const std::string& path);

}  // namespace tidemark
