// Unpacking: packed bytes in, plain bytes out, piece by piece, in bounded memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/result.h"

namespace tidemark {

// A stream of gzip or Zstandard. Several consecutive members or frames form one content.
class Unpacking {
 public:
  struct Step {
    std::size_t taken = 0;  // bytes of `packed` consumed
    std::size_t given = 0;  // bytes written to `into`; 0: more packed bytes are needed, or this is the end
  };

  virtual ~Unpacking() = default;
  // `is_all`: nothing follows `packed`. Damaged or truncated input is an error that names the file.
  virtual Result<Step> unpack(std::string_view packed, bool is_all, std::span<char> into) = 0;
};

// `name` is the file's, for errors.
Result<std::unique_ptr<Unpacking>> unpack_gzip(std::string name);
Result<std::unique_ptr<Unpacking>> unpack_zstd(std::string name);

// The single file in a ZIP archive. Folders and macOS additions do not count.
class ZipMember {
 public:
  // `descriptor` is an open regular file, which the caller keeps. Several files are Error::setup, which names them.
  static Result<std::unique_ptr<ZipMember>> open(int descriptor, const std::string& name);
  virtual ~ZipMember() = default;
  virtual Result<std::size_t> read(std::span<char> into) = 0;  // 0 is the end
  virtual double share_read() const = 0;                       // 0 to 1
};

}  // namespace tidemark
