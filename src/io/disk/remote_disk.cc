#include "io/disk/remote_disk.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace tidemark {
namespace {

constexpr std::uint64_t small_file = 1 << 20;

}  // namespace

RemoteDisk::RemoteDisk(Disk& locks, std::string lock_folder) : locks_(&locks), lock_folder_(std::move(lock_folder)) {}

Result<void> RemoteDisk::exchange(const std::string& /*one*/, const std::string& other) {
  return std::unexpected(lacking(*this, DiskAbility::Exchange, other));
}

Result<void> RemoteDisk::link(const std::string& from, const std::string& /*to*/) {
  return std::unexpected(lacking(*this, DiskAbility::Link, from));
}

Result<void> RemoteDisk::sync_folder(const std::string& /*path*/) { return {}; }

Result<std::unique_ptr<DiskLock>> RemoteDisk::lock(const std::string& path, Wait wait) {
  if (auto made = locks_->make_folder(lock_folder_); !made) return std::unexpected(made.error());
  return locks_->lock(path_of_lock(path), wait);
}

std::string RemoteDisk::path_of_lock(const std::string& path) const {
  return fmt::format("{}/{}", lock_folder_, path.substr(path.rfind('/') + 1));
}

Result<std::size_t> RemoteReader::read(std::uint64_t offset, std::span<char> into) const {
  if (offset >= size_ || into.empty()) return 0;
  into = into.first(static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), size_ - offset)));
  if (size_ > small_file) {
    if (auto got = read_piece(offset, into); !got) return std::unexpected(got.error());
    return into.size();
  }
  const std::scoped_lock lock(mutex_);
  if (bytes_.empty()) {
    std::string bytes(static_cast<std::size_t>(size_), '\0');
    if (auto got = read_piece(0, bytes); !got) return std::unexpected(got.error());
    bytes_ = std::move(bytes);
  }
  std::ranges::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(offset), static_cast<std::ptrdiff_t>(into.size()),
                      into.begin());
  return into.size();
}

}  // namespace tidemark
