#include "app/process/output_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace tidemark {
namespace {

constexpr std::size_t full = 256 * 1'024;

}  // namespace

Result<OutputFile> OutputFile::open(const std::optional<std::filesystem::path>& file) {
  if (!file) return OutputFile(STDOUT_FILENO, "standard output");
  const int descriptor = ::open(file->c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor < 0) {
    return std::unexpected(Error::setup(fmt::format("cannot write to {}: {}", file->string(), std::strerror(errno))));
  }
  return OutputFile(descriptor, file->string());
}

OutputFile::OutputFile(int descriptor, std::string name) : descriptor_(descriptor), name_(std::move(name)) {}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      name_(std::move(other.name_)),
      buffer_(std::move(other.buffer_)) {}

OutputFile::~OutputFile() {
  if (descriptor_ > STDERR_FILENO) ::close(descriptor_);
}

Result<void> OutputFile::flush_if_full() { return buffer_.size() < full ? Result<void>() : flush(); }

Result<void> OutputFile::finish() {
  if (auto written = flush(); !written) return written;
  // Network file systems report a full disk only at close.
  if (descriptor_ > STDERR_FILENO && ::close(std::exchange(descriptor_, -1)) != 0) {
    return std::unexpected(Error::permanent(fmt::format("cannot write to {}: {}", name_, std::strerror(errno))));
  }
  return {};
}

Result<void> OutputFile::flush() {
  std::string_view rest = buffer_;
  while (!rest.empty()) {
    const auto written = ::write(descriptor_, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      return std::unexpected(Error::permanent(fmt::format("cannot write to {}: {}", name_, std::strerror(errno))));
    }
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  buffer_.clear();
  return {};
}

}  // namespace tidemark
