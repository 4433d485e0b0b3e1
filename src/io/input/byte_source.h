// ByteSource: a stream of bytes from a file or standard input, unpacked if it is gzip, Zstandard or ZIP.
//
//     descriptor ─▶ raw bytes ─▶ unpacked by their first bytes ─▶ without a byte order mark
//
// The first bytes tell how a file is packed, never its name (contract/semantics.md §1.1). A UTF-8 byte order mark at
// the beginning of the content is skipped. Memory is bounded: nothing is mapped, and only one block and the unpacker's
// state are held.
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
  // "-" is standard input. A file that cannot be opened is a setup error.
  static Result<ByteSource> open(const std::string& path);
  // Reads from an open descriptor, which the caller keeps. `name` is for error messages.
  static ByteSource from_descriptor(int descriptor, std::string name);

  ByteSource(ByteSource&&) noexcept;
  ByteSource& operator=(ByteSource&&) noexcept;
  ~ByteSource();

  // Fills the beginning of `into`, which must not be empty, and returns the number of bytes; 0 is the end. Waits for
  // data. Packed bytes that are damaged or end early are an error that names the file; a ZIP archive of several files
  // is Error::setup.
  Result<std::size_t> read(std::span<char> into);
  // The same without waiting: empty if nothing has arrived yet.
  Result<std::optional<std::size_t>> read_available(std::span<char> into);

  const std::string& name() const;  // as given
  // For progress: the file's size on disk (empty for a pipe), and how many of its bytes were read.
  std::optional<std::uint64_t> size() const;
  std::uint64_t bytes_consumed() const;

 private:
  class Stream;
  explicit ByteSource(std::unique_ptr<Stream> stream);
  std::unique_ptr<Stream> stream_;
};

}  // namespace tidemark
