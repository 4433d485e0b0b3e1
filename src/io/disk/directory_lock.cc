// The directory is locked first: whoever is refused there has made nothing.
#include "io/disk/directory_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

#include "io/disk/cure.h"
#include "io/disk/plain_file.h"

namespace tidemark {
namespace {

namespace fs = std::filesystem;

// Who only looks for an owner holds the lock for a moment, and is none.
constexpr std::chrono::milliseconds longest_look{200}, look_again{5};

// Room comes back by itself or by somebody's hand; for all else the operator has to set something right first.
std::unexpected<Error> setup_failure(std::string_view what, const std::string& path, int error) {
  if (error == ELOOP) return std::unexpected(symbolic_link(path));
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
  return std::string(owner);
}

// From lines of /proc/locks such as "3: FLOCK  ADVISORY  WRITE 4711 08:01:1234 0 EOF".
std::string owner_by_the_kernel(int locked) {
  struct stat status{};
  if (::fstat(locked, &status) != 0) return {};
  const std::string place = fmt::format("{:02x}:{:02x}:{}", major(status.st_dev), minor(status.st_dev), status.st_ino);
  std::ifstream locks("/proc/locks");
  for (std::string line; std::getline(locks, line);) {
    std::array<char, 32> kind{}, access{}, where{};
    long owner = 0;
    if (std::sscanf(line.c_str(), "%*s %31s %*s %31s %ld %31s", kind.data(), access.data(), &owner, where.data()) ==
            4 &&
        std::string_view(kind.data()) == "FLOCK" && std::string_view(access.data()) == "WRITE" && owner > 0 &&
        place == where.data())
      return std::to_string(owner);
  }
  return {};
}

std::string owner_of(int directory, const std::string& pid_path) {
  std::string owner = owner_by_the_kernel(directory);
  if (!owner.empty()) return owner;
  const int pid_file = ::open(pid_path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (pid_file >= 0) {
    owner = owner_in(pid_file);
    ::close(pid_file);
  }
  return owner.empty() ? "unknown" : owner;
}

std::error_code sync_folder(const fs::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return {errno, std::generic_category()};
  const std::error_code error(::fsync(descriptor) == 0 ? 0 : errno, std::generic_category());
  ::close(descriptor);
  return error;
}

// Makes the folder and those above it, each durable in its parent: a power cut may not take away the folder
// of a log that was promised to be kept. Only the folder itself is given the mode.
std::error_code make_durably(const fs::path& folder, std::optional<unsigned> mode) {
  std::error_code error;
  if (fs::is_directory(folder, error)) return {};
  const fs::path parent = folder.has_parent_path() ? folder.parent_path() : fs::path(".");
  if (parent != folder)
    if (const std::error_code above = make_durably(parent, std::nullopt)) return above;
  const bool is_new = fs::create_directory(folder, error);
  if (error) return error;
  if (is_new && mode && ::chmod(folder.c_str(), *mode) != 0) return {errno, std::generic_category()};
  return sync_folder(parent);
}

// Network file systems may know no lock on a directory; the pid file's is left then.
bool has_no_such_lock(int error) {
  return error == EBADF || error == ENOLCK || error == EOPNOTSUPP || error == ENOSYS || error == EINVAL;
}

// 0, or the error; EWOULDBLOCK once it was held for longer than a look takes.
int lock_alone(int descriptor) {
  const auto deadline = std::chrono::steady_clock::now() + longest_look;
  while (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EINTR && errno != EWOULDBLOCK) return errno;
    if (std::chrono::steady_clock::now() > deadline) return EWOULDBLOCK;
    std::this_thread::sleep_for(look_again);
  }
  return 0;
}

bool is_locked(int descriptor) { return ::flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK; }

}  // namespace

Result<void> make_data_directory(const std::string& directory, unsigned mode) {
  const std::error_code error = make_durably(fs::path(directory).lexically_normal(), mode);
  return error ? setup_failure("make the data directory", directory, error.value()) : Result<void>();
}

Result<DirectoryLock> DirectoryLock::acquire(const std::string& directory, unsigned folder_mode) {
  if (auto made = make_data_directory(directory, folder_mode); !made) return std::unexpected(made.error());

  const std::string path = directory + "/tidemark.pid";
  const auto in_use = [&](std::string_view owner) {
    return std::unexpected(Error::setup(fmt::format(
        "the data directory {} is in use by process {}; stop it, or give another one with --data", directory, owner)));
  };
  DirectoryLock lock(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC), -1);
  if (lock.directory_ < 0) return setup_failure("open the data directory", directory, errno);
  if (const int outcome = lock_alone(lock.directory_); outcome == EWOULDBLOCK)
    return in_use(owner_of(lock.directory_, path));
  else if (outcome != 0 && !has_no_such_lock(outcome))
    return setup_failure("lock", directory, outcome);

  lock.pid_file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (lock.pid_file_ < 0) return setup_failure("write", path, errno);
  if (const int outcome = lock_alone(lock.pid_file_); outcome == EWOULDBLOCK)
    return in_use(owner_in(lock.pid_file_).empty() ? "unknown" : owner_in(lock.pid_file_));
  else if (outcome != 0)
    return setup_failure("lock", path, outcome);
  // For people only: who cannot write it down, for want of room, holds it all the same. Written before what is left of
  // another owner goes, because a full disk gives no room for what was given back.
  const std::string owner = fmt::format("{}\n", ::getpid());
  if (::pwrite(lock.pid_file_, owner.data(), owner.size(), 0) >= 0)
    (void)!::ftruncate(lock.pid_file_, static_cast<off_t>(owner.size()));
  else
    (void)!::ftruncate(lock.pid_file_, 0);
  return lock;
}

DirectoryLock::DirectoryLock(DirectoryLock&& other) noexcept
    : directory_(std::exchange(other.directory_, -1)), pid_file_(std::exchange(other.pid_file_, -1)) {}

DirectoryLock::~DirectoryLock() {
  for (const int descriptor : {pid_file_, directory_})
    if (descriptor >= 0) ::close(descriptor);
}

std::optional<std::string> directory_owner(const fs::path& directory) {
  const std::string pid_path = (directory / "tidemark.pid").string();
  const int folder = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return std::nullopt;
  const int pid_file = ::open(pid_path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  std::optional<std::string> owner;
  if (is_locked(folder)) {
    owner = owner_of(folder, pid_path);
  } else if (pid_file >= 0 && is_locked(pid_file)) {  // by an older program, or where a directory cannot be locked
    owner = owner_in(pid_file);
    if (owner->empty()) owner = "unknown";
  }
  ::close(folder);
  if (pid_file >= 0) ::close(pid_file);
  return owner;
}

}  // namespace tidemark
