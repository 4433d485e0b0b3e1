// An flock on DIR/tidemark.pid; the number in the file is for people only.
#include "io/embedded/directory_lock.h"

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

namespace tidemark {
namespace {

std::string system_message(int error) { return std::generic_category().message(error); }

// The first line of the file, as far as it is a number.
std::string owner_in(int descriptor) {
  std::array<char, 32> text{};
  const ssize_t size = ::pread(descriptor, text.data(), text.size(), 0);
  std::string_view owner(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  owner = owner.substr(0, owner.find_first_not_of("0123456789"));
  return owner.empty() ? "unknown" : std::string(owner);
}

}  // namespace

Result<DirectoryLock> DirectoryLock::acquire(const std::string& directory) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error)
    return std::unexpected(
        Error::setup(fmt::format("cannot make the data directory {}: {}", directory, error.message())));

  const std::string path = directory + "/tidemark.pid";
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor < 0)
    return std::unexpected(Error::setup(fmt::format("cannot write {}: {}", path, system_message(errno))));
  DirectoryLock lock(descriptor);

  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK)
      return std::unexpected(Error::setup(fmt::format("cannot lock {}: {}", path, system_message(errno))));
    return std::unexpected(Error::setup(
        fmt::format("the data directory {} is in use by process {}; stop it, or give another one with --data",
                    directory, owner_in(descriptor))));
  }
  const std::string owner = fmt::format("{}\n", ::getpid());
  if (::ftruncate(descriptor, 0) != 0 || ::pwrite(descriptor, owner.data(), owner.size(), 0) < 0)
    return std::unexpected(Error::setup(fmt::format("cannot write {}: {}", path, system_message(errno))));
  return lock;
}

DirectoryLock::DirectoryLock(DirectoryLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

DirectoryLock::~DirectoryLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace tidemark
