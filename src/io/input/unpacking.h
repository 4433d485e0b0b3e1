// Unpacking: packed bytes in, plain bytes out, a piece at a time, in bounded memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/result.h"

namespace tidemark {

// A stream of gzip or Zstandard. Several members or frames, one after the other, are one content.
class Unpacking {
 public:
  struct Step {
    std::size_t taken = 0;  // of what was packed
    std::size_t given = 0;  // at the beginning of `into`; 0: more packed bytes are needed, or this is the end
  };

  virtual ~Unpacking() = default;
  // `is_all`: nothing comes behind `packed`. Damage, and an end in the middle, are errors that name the file.
  virtual Result<Step> unpack(std::string_view packed, bool is_all, std::span<char> into) = 0;
};

// `name` of the file, for errors.
Result<std::unique_ptr<Unpacking>> unpack_gzip(std::string name);
Result<std::unique_ptr<Unpacking>> unpack_zstd(std::string name);

// The one file in a ZIP archive. Folders, and what macOS adds, do not count.
class ZipMember {
 public:
  // `descriptor` is an open plain file, and stays the caller's. Several files are Error::setup, which names them.
  static Result<std::unique_ptr<ZipMember>> open(int descriptor, const std::string& name);
  virtual ~ZipMember() = default;
  virtual Result<std::size_t> read(std::span<char> into) = 0;  // 0 is the end
  virtual double share_read() const = 0;                       // 0 to 1
};

}  // namespace tidemark
