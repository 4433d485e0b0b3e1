#include "io/disk/posix_disk.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "io/disk/cure.h"
#include "io/disk/plain_file.h"

namespace tidemark {
namespace {

namespace fs = std::filesystem;

// Each of these may pass in a minute, so all are retryable.
std::unexpected<Error> failure(std::string_view what, const std::string& path, int error) {
  return std::unexpected(
      Error::retryable(fmt::format("cannot {} {}: {}; {}", what, path, std::strerror(error), cure_of(error))));
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  bool is_open() const { return number_ >= 0; }
  int number() const { return number_; }

 private:
  int number_;
};

class PosixFile final : public DiskFile {
 public:
  PosixFile(std::string path, Descriptor file) : path_(std::move(path)), file_(std::move(file)) {}

  Result<void> append(std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t written = ::write(file_.number(), bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return failure("write", path_, errno);
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
  }

  Result<void> sync() override {
    if (::fsync(file_.number()) != 0) return failure("write", path_, errno);
    return {};
  }

 private:
  std::string path_;
  Descriptor file_;
};

class PosixReader final : public DiskReader {
 public:
  PosixReader(std::string path, Descriptor file, std::uint64_t size)
      : path_(std::move(path)), file_(std::move(file)), size_(size) {}

  std::uint64_t size() const override { return size_; }

  Result<std::size_t> read(std::uint64_t offset, std::span<char> into) const override {
    std::size_t done = 0;
    while (done < into.size()) {
      const ssize_t got =
          ::pread(file_.number(), into.data() + done, into.size() - done, static_cast<off_t>(offset + done));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return failure("read", path_, errno);
      if (got == 0) break;
      done += static_cast<std::size_t>(got);
    }
    return done;
  }

 private:
  std::string path_;
  Descriptor file_;
  std::uint64_t size_;
};

// The kernel releases it when the descriptor closes, so a killed process blocks no one.
class PosixLock final : public DiskLock {
 public:
  explicit PosixLock(Descriptor file) : file_(std::move(file)) {}

 private:
  Descriptor file_;
};

// The pid that the holder wrote.
std::string holder_of(const Descriptor& lock) {
  std::array<char, 32> text{};
  const ssize_t size = ::pread(lock.number(), text.data(), text.size(), 0);
  std::string_view holder(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  holder = holder.substr(0, holder.find_first_not_of("0123456789"));
  return holder.empty() ? "unknown" : std::string(holder);
}

// A new file gets exactly this mode, unless the file system has no modes.
Descriptor make_file(const std::string& path, int access, unsigned mode) {
  Descriptor file(::open(path.c_str(), access | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode));
  if (file.is_open()) (void)!::fchmod(file.number(), mode);
  return file;
}

// An existing file can be locked without write permission, which a backup of a read-only lake needs.
Descriptor open_lock(const std::string& path, unsigned mode) {
  Descriptor made = make_file(path, O_RDWR, mode);
  if (made.is_open() || (errno != EEXIST && errno != EROFS && errno != EACCES)) return made;
  Descriptor file(::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
  if (file.is_open() || (errno != EROFS && errno != EACCES)) return file;
  const int why = errno;
  Descriptor readable(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!readable.is_open()) errno = why;
  return readable;
}

class PosixDisk final : public Disk {
 public:
  explicit PosixDisk(FileModes modes) : modes_(modes) {}

  Result<std::unique_ptr<DiskFile>> create(const std::string& path) override {
    Descriptor made = make_file(path, O_WRONLY, modes_.file);
    if (made.is_open()) return std::make_unique<PosixFile>(path, std::move(made));
    if (errno != EEXIST) return failure("write", path, errno);
    Descriptor file(::open(path.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOFOLLOW));
    if (!file.is_open()) return failure("write", path, errno);
    return std::make_unique<PosixFile>(path, std::move(file));
  }

  Result<std::unique_ptr<DiskReader>> open(const std::string& path) const override {
    Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.is_open()) return failure("read", path, errno);
    struct stat facts{};
    if (::fstat(file.number(), &facts) != 0) return failure("read", path, errno);
    if (!S_ISREG(facts.st_mode)) return failure("read", path, EISDIR);
    return std::make_unique<PosixReader>(path, std::move(file), static_cast<std::uint64_t>(facts.st_size));
  }

  Result<std::vector<std::string>> list(const std::string& folder) const override {
    std::vector<std::string> names;
    std::error_code error;
    for (fs::directory_iterator entry{folder, error}, end; !error && entry != end; entry.increment(error))
      names.push_back(entry->path().filename().string());
    if (error && error != std::errc::no_such_file_or_directory)
      return failure("list the folder", folder, error.value());
    std::ranges::sort(names);
    return names;
  }

  Result<void> rename(const std::string& from, const std::string& to) override {
    if (::rename(from.c_str(), to.c_str()) != 0) return failure("write", to, errno);
    return {};
  }

  Result<void> exchange(const std::string& one, const std::string& other) override {
    if (::renameat2(AT_FDCWD, one.c_str(), AT_FDCWD, other.c_str(), RENAME_EXCHANGE) == 0) return {};
    if (errno != EINVAL && errno != ENOSYS) return failure("exchange for another", other, errno);
    return std::unexpected(Error::permanent(fmt::format(
        "cannot exchange {} for another: this file system cannot exchange folders in one step (ext4, XFS, Btrfs and "
        "tmpfs can); choose another data directory",
        other)));
  }

  Result<void> link(const std::string& from, const std::string& to) override {
    if (::link(from.c_str(), to.c_str()) != 0) return failure("link " + from + " as", to, errno);
    return {};
  }

  Result<void> remove(const std::string& path) override {
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) return failure("remove", path, errno);
    return {};
  }

  Result<void> remove_folder(const std::string& path) override {
    std::error_code error;
    fs::remove_all(path, error);
    if (error) return failure("remove", path, error.value());
    return {};
  }

  // A power cut must not remove a folder above a durable file. An existing folder may not be durable: its maker may
  // have been killed, or have failed, before syncing it.
  Result<void> make_folder(const std::string& path) override {
    std::error_code error;
    const fs::path above = fs::path(path).parent_path();
    const std::string parent = above.empty() ? "." : above.string();
    if (fs::is_directory(path, error))
      return ::access(parent.c_str(), R_OK) == 0 ? sync_folder(parent) : Result<void>{};
    if (parent != path)
      if (auto made = make_folder(parent); !made) return made;
    const bool is_new = fs::create_directory(path, error);
    if (error) return failure("make the folder", path, error.value());
    if (is_new) (void)!::chmod(path.c_str(), modes_.folder);
    return sync_folder(parent);
  }

  Result<void> sync_folder(const std::string& path) override {
    const Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder.is_open()) return failure("open the folder", path, errno);
    if (::fsync(folder.number()) != 0) return failure("write the folder", path, errno);
    return {};
  }

  Result<std::unique_ptr<DiskLock>> lock(const std::string& path, Wait wait) override {
    Descriptor file = open_lock(path, modes_.file);
    if (!file.is_open() && errno == ELOOP) return std::unexpected(symbolic_link(path));
    if (!file.is_open()) return failure("write", path, errno);
    const int how = wait == Wait::Yes ? LOCK_EX : LOCK_EX | LOCK_NB;
    int done = ::flock(file.number(), how);
    while (done != 0 && errno == EINTR) done = ::flock(file.number(), how);
    if (done != 0 && errno == EWOULDBLOCK)
      return std::unexpected(Error::retryable(
          fmt::format("process {} holds {}; wait until it is done, or end it", holder_of(file), path)));
    if (done != 0) return failure("lock", path, errno);
    // For people only. If it cannot be written, the lock still holds.
    const std::string holder = fmt::format("{}\n", ::getpid());
    if (::ftruncate(file.number(), 0) == 0) (void)!::pwrite(file.number(), holder.data(), holder.size(), 0);
    return std::make_unique<PosixLock>(std::move(file));
  }

 private:
  FileModes modes_;
};

}  // namespace

std::optional<std::string> lock_holder(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open() || ::flock(file.number(), LOCK_SH | LOCK_NB) == 0 || errno != EWOULDBLOCK) return std::nullopt;
  return holder_of(file);
}

std::unique_ptr<Disk> make_posix_disk(FileModes modes) { return std::make_unique<PosixDisk>(modes); }

}  // namespace tidemark
