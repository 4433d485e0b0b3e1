// Disk: the file operations of the lake, behind an interface so that tests can make them fail.
//
//     create ─▶ append … ─▶ sync          makes the bytes survive a power cut
//     rename, exchange, link, remove       survive once their folder is synced
//
// Before that, a power cut may keep any part of them, in any order. Errors name the path and the cure. Implementations:
// io/disk (POSIX) and sim (hostile).
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "run/interfaces/disk_abilities.h"

namespace tidemark {

// A file being written. The destructor closes it, synced or not.
class DiskFile {
 public:
  virtual ~DiskFile() = default;
  virtual Result<void> append(std::string_view bytes) = 0;
  virtual Result<void> sync() = 0;
};

// A file being read. It stays readable after its name is removed.
class DiskReader {
 public:
  virtual ~DiskReader() = default;
  virtual std::uint64_t size() const = 0;
  // Reads into `into` from `offset` on. Returns fewer bytes only at the end of the file. From any thread.
  virtual Result<std::size_t> read(std::uint64_t offset, std::span<char> into) const = 0;
};

// A lock, held until it is destroyed or its process ends.
class DiskLock {
 public:
  virtual ~DiskLock() = default;
};

class Disk {
 public:
  virtual ~Disk() = default;

  virtual DiskAbilities abilities() const { return {}; }

  // Creates the file, or truncates an existing one. Whether readers see it before sync(): abilities().file_appears.
  virtual Result<std::unique_ptr<DiskFile>> create(const std::string& path) = 0;
  virtual Result<std::unique_ptr<DiskReader>> open(const std::string& path) const = 0;
  // The names in the folder, including hidden ones, sorted; empty if the folder does not exist.
  virtual Result<std::vector<std::string>> list(const std::string& folder) const = 0;

  // Of these four, each is refused with an Error::setup that says why where the disk lacks the ability.
  virtual Result<void> rename(const std::string& from, const std::string& to) = 0;  // replaces a file at `to`
  virtual Result<void> exchange(const std::string& one, const std::string& other) = 0;
  virtual Result<void> link(const std::string& from, const std::string& to) = 0;
  enum class Wait : bool { No, Yes };
  // One process and one holder at a time. If it is taken and Wait::No, the error names the holder's pid.
  virtual Result<std::unique_ptr<DiskLock>> lock(const std::string& path, Wait wait) = 0;
  // The file of this machine in which the holder of that lock writes its pid.
  virtual std::string path_of_lock(const std::string& path) const { return path; }

  // Makes a second file of the same bytes, synced; replaces a file at `to`. A reader never finds the beginning of it
  // where abilities().file_appears is WhenSynced.
  virtual Result<void> copy(const std::string& from, const std::string& to);
  virtual Result<void> remove(const std::string& path) = 0;         // a file; succeeds if it does not exist
  virtual Result<void> remove_folder(const std::string& path) = 0;  // with its files; succeeds if it does not exist
  virtual Result<void> make_folder(const std::string& path) = 0;    // with its parents, durably; succeeds if it exists
  virtual Result<void> sync_folder(const std::string& path) = 0;
};

// "the disk of PATH cannot exchange folders in one step: HDFS has no such call".
Error lacking(const Disk& disk, DiskAbility ability, std::string_view path);
// That error for the first of these that the disk lacks.
Result<void> require(const Disk& disk, std::initializer_list<DiskAbility> abilities, std::string_view path);

}  // namespace tidemark
