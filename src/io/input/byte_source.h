// ByteSource: a stream of bytes from a file or standard input, unpacked where it is gzip, Zstandard or ZIP.
//
//     descriptor ─▶ raw bytes ─▶ unpacked by their first bytes ─▶ without a byte order mark
//
// What a file is packed with is known by its first bytes, never by its name (contract/semantics.md §1.1). A byte order
// mark of UTF-8 at the beginning of the content is skipped. Memory is bounded: nothing is mapped, and no more than a
// block, and what an unpacker needs, is held.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "core/result.h"

namespace tidemark {

class ByteSource {
 public:
  // "-" is standard input. A file that cannot be opened is an error of the set-up.
  static Result<ByteSource> open(const std::string& path);
  // Reads from an open descriptor, which stays the caller's. `name` is for error messages.
  static ByteSource from_descriptor(int descriptor, std::string name);

  ByteSource(ByteSource&&) noexcept;
  ByteSource& operator=(ByteSource&&) noexcept;
  ~ByteSource();

  // Fills the beginning of `into`, which must not be empty, and says how much; 0 is the end. Waits
  // until there is something. Packed bytes that are damaged or end early are an error that names the file; a ZIP archive
  // of several files is Error::setup.
  Result<std::size_t> read(std::span<char> into);
  // The same without waiting: none when nothing has come yet.
  Result<std::optional<std::size_t>> read_available(std::span<char> into);

  const std::string& name() const;  // as given
  // For progress: how many bytes the file has on disk (none for a pipe), and how many of them were read.
  std::optional<std::uint64_t> size() const;
  std::uint64_t bytes_consumed() const;

 private:
  class Stream;
  explicit ByteSource(std::unique_ptr<Stream> stream);
  std::unique_ptr<Stream> stream_;
};

}  // namespace tidemark
