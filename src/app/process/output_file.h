// OutputFile: bytes to a file or to standard output, in large pieces.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/result.h"

namespace tidemark {

class OutputFile {
 public:
  // None is standard output. A file that is there is replaced; one that cannot be made is Error::setup.
  static Result<OutputFile> open(const std::optional<std::filesystem::path>& file);

  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&&) = delete;
  ~OutputFile();  // closes; what finish() did not write is lost

  // To be filled by the caller, who calls flush_if_full() after each record: nothing is copied twice.
  std::string& buffer() { return buffer_; }
  Result<void> flush_if_full();
  Result<void> flush();  // at once: somebody may be watching

  // Writes what is left; a full disk is told here at the latest.
  Result<void> finish();

 private:
  OutputFile(int descriptor, std::string name);

  int descriptor_;
  std::string name_;
  std::string buffer_;
};

}  // namespace tidemark
