// DirectoryWatch: whether the files that a process works with in its data directory are still the ones it opened.
//
//     log.db  log.db-wal  log.db-shm  tidemark.pid  and the directory itself: device and inode, as when it began
//
// It looks by stat alone: closing a descriptor of log.db would drop the locks that SQLite has on it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tidemark {

// Which file lies under a name.
struct FileIdentity {
  std::uint64_t device = 0, number = 0;
  friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};
// None where nothing is, or where nobody may look.
std::optional<FileIdentity> identity_of(const std::string& path);

struct DirectoryTrouble {
  std::string sentence;  // what happened, what it means, and the cure
  enum class Then : std::uint8_t {
    GoOn,     // nothing is lost by going on
    Publish,  // the end, after what is final has gone to the lake, which is in its place
    End,      // the end at once: what would be written belongs to something else
  } then = Then::GoOn;
};

class DirectoryWatch {
 public:
  // A process whose log lies elsewhere works with the directory alone: the files are none of its business.
  enum class Files : std::uint8_t { OfLog, None };
  explicit DirectoryWatch(std::string directory, Files files = Files::OfLog)
      : directory_(std::move(directory)), files_(files) {}

  // While the log is open and the lock is held.
  void begin();
  // The gravest that is wrong, if anything is. Five stats.
  std::optional<DirectoryTrouble> look();

 private:
  enum class Change : std::uint8_t { None, Gone, Replaced };
  Change change_of(std::size_t file);

  std::string directory_;
  Files files_;
  std::array<std::optional<FileIdentity>, 5> known_;
};

}  // namespace tidemark
