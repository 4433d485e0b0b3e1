// An flock on DIR/tidemark.pid; the number in the file is for people only.
#include "io/disk/directory_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include "io/disk/cure.h"

namespace tidemark {
namespace {

namespace fs = std::filesystem;

// Room comes back by itself or by somebody's hand; for all else the operator has to set something right first.
std::unexpected<Error> failure(std::string_view what, const std::string& path, int error) {
  const std::string sentence =
      fmt::format("cannot {} {}: {}; {}", what, path, std::generic_category().message(error), cure_of(error));
  return std::unexpected(is_want_of_room(error) ? Error::retryable(sentence) : Error::setup(sentence));
}

// The first line of the file, as far as it is a number.
std::string owner_in(int descriptor) {
  std::array<char, 32> text{};
  const ssize_t size = ::pread(descriptor, text.data(), text.size(), 0);
  std::string_view owner(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  owner = owner.substr(0, owner.find_first_not_of("0123456789"));
  return owner.empty() ? "unknown" : std::string(owner);
}

std::error_code sync_folder(const fs::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return {errno, std::generic_category()};
  const std::error_code error(::fsync(descriptor) == 0 ? 0 : errno, std::generic_category());
  ::close(descriptor);
  return error;
}

// Makes the folder and those above it, each durable in its parent: a power cut may not take away the folder
// of a log that was promised to be kept.
std::error_code make_durably(const fs::path& folder) {
  std::error_code error;
  if (fs::is_directory(folder, error)) return {};
  const fs::path parent = folder.has_parent_path() ? folder.parent_path() : fs::path(".");
  if (parent != folder)
    if (const std::error_code above = make_durably(parent)) return above;
  fs::create_directory(folder, error);
  return error ? error : sync_folder(parent);
}

}  // namespace

Result<DirectoryLock> DirectoryLock::acquire(const std::string& directory) {
  const std::error_code error = make_durably(fs::path(directory).lexically_normal());
  if (error) return failure("make the data directory", directory, error.value());

  const std::string path = directory + "/tidemark.pid";
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor < 0) return failure("write", path, errno);
  DirectoryLock lock(descriptor);

  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return failure("lock", path, errno);
    return std::unexpected(Error::setup(
        fmt::format("the data directory {} is in use by process {}; stop it, or give another one with --data",
                    directory, owner_in(descriptor))));
  }
  // For people only: who cannot write it down, for want of room, holds it all the same. Written before what is left of
  // another owner goes, because a full disk gives no room for what was given back.
  const std::string owner = fmt::format("{}\n", ::getpid());
  if (::pwrite(descriptor, owner.data(), owner.size(), 0) >= 0)
    (void)!::ftruncate(descriptor, static_cast<off_t>(owner.size()));
  else
    (void)!::ftruncate(descriptor, 0);
  return lock;
}

DirectoryLock::DirectoryLock(DirectoryLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

DirectoryLock::~DirectoryLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::optional<std::string> directory_owner(const fs::path& directory) {
  const fs::path file = directory / "tidemark.pid";
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return std::nullopt;
  const bool is_locked = ::flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  std::optional<std::string> owner;
  if (is_locked) owner = owner_in(descriptor);
  ::close(descriptor);
  return owner;
}

}  // namespace tidemark
