// OutputFile: bytes to a file or to standard output, in large pieces.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/result.h"

namespace tidemark {

class OutputFile {
 public:
  // Without a file, opens standard output. An existing file is replaced. A file that cannot be created is Error::setup.
  static Result<OutputFile> open(const std::optional<std::filesystem::path>& file);

  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&&) = delete;
  ~OutputFile();  // closes; anything that finish() did not write is lost

  // The caller appends to it and calls flush_if_full() after each record, so nothing is copied twice.
  std::string& buffer() { return buffer_; }
  Result<void> flush_if_full();
  Result<void> flush();  // at once, because somebody may be watching

  // Writes the rest. A full disk is reported here at the latest.
  Result<void> finish();

 private:
  OutputFile(int descriptor, std::string name);

  int descriptor_;
  std::string name_;
  std::string buffer_;
};

}  // namespace tidemark
