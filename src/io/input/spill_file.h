// SpillFile: a temporary file without a name, for bytes that do not fit in memory.
//
// It is in $TMPDIR, else in /var/tmp, else in /tmp. It is gone when it is closed or the process ends.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/result.h"

namespace tidemark {

class SpillFile {
 public:
  static Result<SpillFile> open();
  SpillFile(SpillFile&& other) noexcept;
  SpillFile& operator=(SpillFile&& other) noexcept;
  ~SpillFile();

  Result<void> append(std::string_view bytes);
  // Reads exactly into.size() bytes at `offset`.
  Result<void> read(std::uint64_t offset, std::span<char> into) const;
  std::uint64_t size() const { return size_; }

 private:
  SpillFile(int descriptor, std::string folder) : descriptor_(descriptor), folder_(std::move(folder)) {}
  Error failed(std::string_view what) const;

  int descriptor_;
  std::string folder_;
  std::uint64_t size_ = 0;
};

}  // namespace tidemark
