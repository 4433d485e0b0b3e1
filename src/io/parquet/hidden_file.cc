#include "io/parquet/hidden_file.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "core/check.h"

namespace tidemark {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view hidden_suffix = ".writing";
constexpr std::size_t buffer_size = 64 * 1024;

fs::path hidden_name(const fs::path& path) {
  return path.parent_path() / fmt::format(".{}{}", path.filename().string(), hidden_suffix);
}

bool is_hidden_name(const std::string& name) { return name.starts_with('.') && name.ends_with(hidden_suffix); }

// What a person can do about it. Every one of these may be over in a minute, so all can be retried.
std::string_view cure(int error) {
  switch (error) {
    case ENOSPC:
    case EDQUOT:
      return "free some space there";
    case EROFS:
      return "mount it writable, or choose another data directory";
    case EACCES:
    case EPERM:
      return "give this user the right to write there";
    case EMFILE:
    case ENFILE:
      return "raise the limit of open files (ulimit -n)";
    case ENOTDIR:
    case EEXIST:
      return "something that is no folder has this name: move it away";
    default:
      return "look after that disk";
  }
}

Error failed(std::string_view what, const fs::path& path, int error) {
  return Error::retryable(fmt::format("cannot {} {}: {}; {}", what, path.string(), std::strerror(error), cure(error)));
}

std::unexpected<Error> failure(std::string_view what, const fs::path& path, int error) {
  return std::unexpected(failed(what, path, error));
}

}  // namespace

HiddenFile::HiddenFile(fs::path path) : path_(std::move(path)), hidden_(hidden_name(path_)) {}

HiddenFile::HiddenFile(HiddenFile&& other) noexcept
    : path_(std::move(other.path_)),
      hidden_(std::move(other.hidden_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      is_hidden_(std::exchange(other.is_hidden_, false)),
      buffer_(std::move(other.buffer_)) {}

HiddenFile::~HiddenFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (is_hidden_) ::unlink(hidden_.c_str());
}

Result<HiddenFile> HiddenFile::create(const fs::path& path) {
  HiddenFile file{path};
  file.descriptor_ = ::open(file.hidden_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
  if (file.descriptor_ < 0) return failure("write", file.hidden_, errno);
  file.is_hidden_ = true;
  file.buffer_.reserve(buffer_size);
  return file;
}

Result<void> HiddenFile::append(std::string_view bytes) {
  buffer_ += bytes;
  if (buffer_.size() < buffer_size) return {};
  return flush();
}

Result<void> HiddenFile::flush() {
  CHECK(descriptor_ >= 0);
  std::string_view rest = buffer_;
  while (!rest.empty()) {
    const ssize_t written = ::write(descriptor_, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failure("write", hidden_, errno);
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  buffer_.clear();
  return {};
}

Result<void> HiddenFile::make_durable() {
  if (auto flushed = flush(); !flushed) return flushed;
  if (::fsync(descriptor_) != 0) return failure("write", hidden_, errno);
  const int descriptor = std::exchange(descriptor_, -1);
  if (::close(descriptor) != 0) return failure("write", hidden_, errno);
  buffer_ = {};
  return {};
}

Result<void> HiddenFile::show() {
  CHECK(is_hidden_ && descriptor_ < 0);
  if (::rename(hidden_.c_str(), path_.c_str()) != 0) return failure("write", path_, errno);
  is_hidden_ = false;
  return {};
}

Result<void> make_folder(const fs::path& folder) {
  std::error_code error;
  if (fs::is_directory(folder, error)) return {};
  const fs::path parent = folder.parent_path();
  if (!parent.empty() && parent != folder) {
    if (auto made = make_folder(parent); !made) return made;
  }
  if (!fs::create_directory(folder, error) && error) {
    return failure("make the folder", folder, error.value());
  }
  return sync_folder(parent.empty() ? fs::path(".") : parent);
}

Result<void> sync_folder(const fs::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return failure("open the folder", folder, errno);
  const int error = ::fsync(descriptor) == 0 ? 0 : errno;
  ::close(descriptor);
  if (error != 0) return failure("write the folder", folder, error);
  return {};
}

Result<void> remove_hidden_files(const fs::path& folder) {
  std::error_code error;
  for (fs::directory_iterator entry{folder, error}, end; !error && entry != end; entry.increment(error)) {
    if (!is_hidden_name(entry->path().filename().string())) continue;
    if (::unlink(entry->path().c_str()) != 0 && errno != ENOENT) {
      return failure("remove", entry->path(), errno);
    }
  }
  if (error) return failure("list the folder", folder, error.value());
  return {};
}

}  // namespace tidemark
