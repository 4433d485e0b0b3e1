// What a disk on another machine shares with the others: it exchanges no folders, links no files, keeps its locks here, and
// reads a small file whole.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>

#include "run/interfaces/disk.h"

namespace tidemark {

class RemoteDisk : public Disk {
 public:
  // Locks are files of `lock_folder` on `locks`, named as the last part of what is locked.
  RemoteDisk(Disk& locks, std::string lock_folder);

  Result<void> exchange(const std::string& one, const std::string& other) override;
  Result<void> link(const std::string& from, const std::string& to) override;
  Result<void> sync_folder(const std::string& path) override;
  Result<std::unique_ptr<DiskLock>> lock(const std::string& path, Wait wait) override;
  std::string path_of_lock(const std::string& path) const override;

 private:
  Disk* locks_;
  std::string lock_folder_;
};

// A file of no more than 1 MiB comes whole with the first read: the footer and the columns of a small Parquet file are
// asked for in a dozen pieces.
class RemoteReader : public DiskReader {
 public:
  explicit RemoteReader(std::uint64_t size) : size_(size) {}

  std::uint64_t size() const final { return size_; }
  Result<std::size_t> read(std::uint64_t offset, std::span<char> into) const final;

 private:
  // Fills `into`, which lies inside the file and is not empty. A file that ends earlier is an error.
  virtual Result<void> read_piece(std::uint64_t offset, std::span<char> into) const = 0;

  std::uint64_t size_;
  mutable std::mutex mutex_;
  mutable std::string bytes_;  // of a small file, once it was read
};

}  // namespace tidemark
