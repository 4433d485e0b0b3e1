// LogFileWatch: whether the bytes of log.db are still those that this process has put there.
//
//     cp other.db log.db, dd of=log.db   the same name, the same inode: only size and time of the file tell
//
// The owner alone writes into the file, and only at its checkpoints. So where size or time has changed without one, the
// pages that change with every transaction are read from the file itself, past SQLite's cache and the WAL, and compared
// with what the last checkpoint left there. A page elsewhere in the file is found by the checksums of its rows.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "io/embedded/sqlite.h"

namespace tidemark {

// May be called from any thread.
class LogFileWatch {
 public:
  // The tables are there, and the owner has not yet made a checkpoint.
  Result<void> begin(const std::string& path);
  // Makes the owner's checkpoint, unless the file is another one by then. What it leaves is right from then on.
  Result<void> checkpoint(const std::function<Result<void>()>& make);
  // Damage where somebody else has written into the file. Nothing while a checkpoint is being made.
  Result<void> compare();

 private:
  struct Look {
    std::int64_t bytes = 0, changed_at = 0;  // ns since 1970
    friend bool operator==(const Look&, const Look&) = default;
  };
  // With the mutex.
  Result<void> note();
  Result<void> compare_pages();
  std::optional<Look> look() const;
  Result<std::uint32_t> checksum_of_pages();

  std::mutex mutex_;
  std::string path_;
  std::optional<Connection> connection_;  // none: nothing is watched
  std::int64_t page_bytes_ = 0;
  std::vector<std::int64_t> pages_;  // numbered from 1
  std::uint64_t inode_ = 0;
  std::optional<Look> seen_;
  std::uint32_t right_ = 0;
};

}  // namespace tidemark
