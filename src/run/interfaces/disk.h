// Disk: what the lake does to files, and nothing else, so that a test can make it fail as the world does.
//
//     create ─▶ append … ─▶ sync          the bytes survive a power cut
//     rename, exchange, link, remove       the names do, once their folder is synced
//
// Until then a power cut may keep any part of them, in any order. Errors name the path and the cure. Not every disk can
// do all of this: disk_abilities.h. Implementations: io/disk (POSIX) and sim (hostile); the suite DiskConformance
// (disk_conformance_test.h) holds them to the same behaviour.
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

// A file being written. Closed when it is destroyed, synced or not.
class DiskFile {
 public:
  virtual ~DiskFile() = default;
  virtual Result<void> append(std::string_view bytes) = 0;
  virtual Result<void> sync() = 0;
};

// A file being read. It stays readable when its name goes away.
class DiskReader {
 public:
  virtual ~DiskReader() = default;
  virtual std::uint64_t size() const = 0;
  // Fills `into` from `offset` on; fewer bytes only at the end of the file. From any thread.
  virtual Result<std::size_t> read(std::uint64_t offset, std::span<char> into) const = 0;
};

// Held until it is destroyed, or its process ends.
class DiskLock {
 public:
  virtual ~DiskLock() = default;
};

class Disk {
 public:
  virtual ~Disk() = default;

  virtual DiskAbilities abilities() const { return {}; }

  // Makes the file, or empties the one that is there. Whether it is seen before sync(): abilities().file_appears.
  virtual Result<std::unique_ptr<DiskFile>> create(const std::string& path) = 0;
  virtual Result<std::unique_ptr<DiskReader>> open(const std::string& path) const = 0;
  // Names in the folder, hidden ones too, sorted; none when the folder is not there.
  virtual Result<std::vector<std::string>> list(const std::string& folder) const = 0;

  // Of these four, each is refused with an Error::setup that says why where the disk lacks the ability.
  virtual Result<void> rename(const std::string& from, const std::string& to) = 0;  // replaces a file at `to`
  virtual Result<void> exchange(const std::string& one, const std::string& other) = 0;
  virtual Result<void> link(const std::string& from, const std::string& to) = 0;
  enum class Wait : bool { No, Yes };
  // One process and one holder at a time. Taken already, with Wait::No: an error that names the holder's pid.
  virtual Result<std::unique_ptr<DiskLock>> lock(const std::string& path, Wait wait) = 0;

  virtual Result<void> remove(const std::string& path) = 0;         // a file; fine when it is not there
  virtual Result<void> remove_folder(const std::string& path) = 0;  // with the files in it; fine when it is not there
  virtual Result<void> make_folder(const std::string& path) = 0;    // with its parents, durably; fine when it is there
  virtual Result<void> sync_folder(const std::string& path) = 0;
};

// "the disk of PATH cannot exchange folders in one step: HDFS has no such call".
Error lacking(const Disk& disk, DiskAbility ability, std::string_view path);
// That error for the first of these that the disk lacks.
Result<void> require(const Disk& disk, std::initializer_list<DiskAbility> abilities, std::string_view path);

}  // namespace tidemark
