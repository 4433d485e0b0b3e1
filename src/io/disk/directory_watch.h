// DirectoryWatch: checks that the files of a process's data directory are still the ones it opened.
//
//     log.db  log.db-wal  log.db-shm  tidemark.pid  and the directory itself: device and inode, as at the start
//
// It uses stat alone: closing a descriptor of log.db would drop SQLite's locks on it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tidemark {

// Identifies the file behind a name.
struct FileIdentity {
  std::uint64_t device = 0, number = 0;
  friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};
// Empty if there is no file, or no permission to look.
std::optional<FileIdentity> identity_of(const std::string& path);

struct DirectoryTrouble {
  std::string sentence;  // what happened, what it means, and the cure
  enum class Then : std::uint8_t {
    GoOn,     // continuing loses nothing
    Publish,  // end after publishing final rows to the lake, which is still in place
    End,      // end at once: writes would go to a different directory or file
  } then = Then::GoOn;
};

class DirectoryWatch {
 public:
  // A process whose log lies elsewhere works with the directory alone: the files are none of its business.
  enum class Files : std::uint8_t { OfLog, None };
  explicit DirectoryWatch(std::string directory, Files files = Files::OfLog)
      : directory_(std::move(directory)), files_(files) {}

  // Call it while the log is open and the lock is held.
  void begin();
  // The most serious problem, if there is any. Costs five stats.
  std::optional<DirectoryTrouble> look();

 private:
  enum class Change : std::uint8_t { None, Gone, Replaced };
  Change change_of(std::size_t file);

  std::string directory_;
  Files files_;
  std::array<std::optional<FileIdentity>, 5> known_;
};

}  // namespace tidemark
