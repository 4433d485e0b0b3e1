// The destination of the filter's rows; discards them if none was requested.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

#include "app/process/output_file.h"
#include "core/result.h"

namespace tidemark {

class Sink {
 public:
  static Result<Sink> open(const std::optional<std::filesystem::path>& file) {
    auto opened = OutputFile::open(file);
    if (!opened) return std::unexpected(opened.error());
    Sink sink;
    sink.file_.emplace(std::move(*opened));
    return sink;
  }
  static Result<Sink> open_if_asked(const std::optional<std::filesystem::path>& file) {
    return file ? open(file) : Sink{};
  }
  Result<void> take(std::string& bytes, bool at_once) {
    if (!file_) {
      bytes.clear();
      return {};
    }
    std::string& buffer = file_->buffer();
    if (!buffer.empty() && bytes.size() >= not_worth_a_copy)
      if (auto flushed = file_->flush(); !flushed) return flushed;
    if (buffer.empty())
      buffer.swap(bytes);
    else
      buffer += bytes;
    bytes.clear();
    return at_once ? file_->flush() : file_->flush_if_full();
  }
  Result<void> finish() { return file_ ? file_->finish() : Result<void>{}; }

 private:
  static constexpr std::size_t not_worth_a_copy = 64 * 1024;

  std::optional<OutputFile> file_;
};

}  // namespace tidemark
