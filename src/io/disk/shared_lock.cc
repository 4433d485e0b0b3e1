#include "io/disk/shared_lock.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "io/disk/cure.h"

namespace tidemark {
namespace {

class SharedFlock final : public SharedLock {
 public:
  SharedFlock(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}
  ~SharedFlock() override { ::close(descriptor_); }
  SharedFlock(const SharedFlock&) = delete;
  SharedFlock& operator=(const SharedFlock&) = delete;

  Result<void> make_exclusive() override { return take(LOCK_EX); }
  Result<void> make_shared() override { return take(LOCK_SH); }

 private:
  Result<void> take(int how) const {
    int done = ::flock(descriptor_, how);
    while (done != 0 && errno == EINTR) done = ::flock(descriptor_, how);
    if (done == 0) return {};
    return std::unexpected(
        Error::retryable(fmt::format("cannot lock {}: {}; {}", path_, std::strerror(errno), cure_of(errno))));
  }

  std::string path_;
  int descriptor_;
};

}  // namespace

Result<std::unique_ptr<SharedLock>> lock_to_read(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0)
    return std::unexpected(
        Error::retryable(fmt::format("cannot write {}: {}; {}", path, std::strerror(errno), cure_of(errno))));
  auto lock = std::make_unique<SharedFlock>(path, descriptor);
  if (auto taken = lock->make_shared(); !taken) return std::unexpected(taken.error());
  return lock;
}

}  // namespace tidemark
