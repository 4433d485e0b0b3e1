// Writes a hidden file beside it, makes that durable, and renames it.
#include "io/disk/small_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <system_error>
#include <thread>

#include "io/disk/owned_descriptor.h"
#include "io/disk/plain_file.h"

namespace tidemark {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds longest_wait{10};
constexpr std::chrono::milliseconds try_again{5};

std::unexpected<Error> file_failure(std::string_view what, const std::string& path, int error) {
  return std::unexpected(
      Error::retryable(fmt::format("cannot {} {}: {}", what, path, std::generic_category().message(error))));
}

// Removes the hidden file unless it was renamed into place.
class Hidden {
 public:
  explicit Hidden(std::string path) : path_(std::move(path)) { ::unlink(path_.c_str()); }
  Hidden(const Hidden&) = delete;
  Hidden& operator=(const Hidden&) = delete;
  ~Hidden() {
    if (!path_.empty()) ::unlink(path_.c_str());
  }
  const std::string& path() const { return path_; }
  void renamed() { path_.clear(); }

 private:
  std::string path_;
};

bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// Takes mode and owner from the file that is replaced; uses `mode` if there is none.
bool take_mode_and_owner(int descriptor, const std::string& of, mode_t mode) {
  struct stat there{}, made{};
  if (::stat(of.c_str(), &there) != 0) return errno == ENOENT && ::fchmod(descriptor, mode) == 0;
  if (::fstat(descriptor, &made) != 0) return false;
  const bool same_owner = there.st_uid == made.st_uid && there.st_gid == made.st_gid;
  if (!same_owner && ::fchown(descriptor, there.st_uid, there.st_gid) != 0) return false;
  return ::fchmod(descriptor, there.st_mode & 07777) == 0;
}

fs::path folder_of(const fs::path& path) { return path.has_parent_path() ? path.parent_path() : fs::path("."); }

Result<void> make_entry_durable(const fs::path& path) {
  const OwnedDescriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.is_open() || ::fsync(folder.number()) != 0) return file_failure("make durable", path.string(), errno);
  return {};
}

bool is_still_at(const std::string& path, int descriptor) {
  struct stat there{}, held{};
  return ::stat(path.c_str(), &there) == 0 && ::fstat(descriptor, &held) == 0 && there.st_dev == held.st_dev &&
         there.st_ino == held.st_ino;
}

}  // namespace

Result<std::optional<std::string>> read_small_file(const std::string& path, std::size_t most, Links links) {
  const OwnedDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | (links == Links::Refused ? O_NOFOLLOW : 0)));
  if (!file.is_open() && errno == ENOENT) return std::nullopt;
  if (!file.is_open() && errno == ELOOP && links == Links::Refused) return std::unexpected(symbolic_link(path));
  if (!file.is_open()) return file_failure("read", path, errno);
  std::string text;
  std::array<char, 65'536> bytes;
  while (true) {
    const ssize_t size = ::read(file.number(), bytes.data(), bytes.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return file_failure("read", path, errno);
    if (size == 0) return text;
    text.append(bytes.data(), static_cast<std::size_t>(size));
    if (text.size() > most) return file_failure("read", path, EFBIG);
  }
}

Result<void> replace_small_file(const std::string& path, std::string_view text, unsigned mode) {
  std::error_code error;
  const fs::path real = fs::weakly_canonical(path, error);
  if (error) return file_failure("write", path, error.value());
  Hidden hidden((folder_of(real) / fmt::format(".{}.new", real.filename().string())).string());
  const OwnedDescriptor file(::open(hidden.path().c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file.is_open()) return file_failure("write", hidden.path(), errno);
  if (!take_mode_and_owner(file.number(), real.string(), mode))
    return file_failure("keep mode and owner of", path, errno);
  if (!write_all(file.number(), text)) return file_failure("write", hidden.path(), errno);
  if (::fsync(file.number()) != 0) return file_failure("make durable", hidden.path(), errno);
  if (::rename(hidden.path().c_str(), real.c_str()) != 0) return file_failure("write", path, errno);
  hidden.renamed();
  return make_entry_durable(folder_of(real));
}

SmallFileLock::~SmallFileLock() {
  if (descriptor_ < 0) return;
  ::unlink(path_.c_str());  // while it is held: a waiting process then finds a different file there, and takes that one
  ::close(descriptor_);
}

Result<SmallFileLock> lock_small_file(const std::string& path) {
  std::error_code error;
  const fs::path real = fs::weakly_canonical(path, error);
  if (error) return file_failure("lock", path, error.value());
  const std::string beside = (folder_of(real) / fmt::format(".{}.lock", real.filename().string())).string();
  const auto deadline = std::chrono::steady_clock::now() + longest_wait;
  while (true) {
    OwnedDescriptor file(::open(beside.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file.is_open()) return file_failure("lock", beside, errno);
    const bool locked = ::flock(file.number(), LOCK_EX | LOCK_NB) == 0;
    if (!locked && errno != EWOULDBLOCK && errno != EINTR) return file_failure("lock", beside, errno);
    if (locked && is_still_at(beside, file.number())) return SmallFileLock(file.take(), beside);
    if (std::chrono::steady_clock::now() > deadline) return file_failure("lock", beside, EWOULDBLOCK);
    if (!locked) std::this_thread::sleep_for(try_again);
  }
}

Result<void> remove_small_file(const std::string& path) {
  if (::unlink(path.c_str()) != 0) return errno == ENOENT ? Result<void>{} : file_failure("remove", path, errno);
  return make_entry_durable(folder_of(path));
}

}  // namespace tidemark
