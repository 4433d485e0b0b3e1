// LakeWatch: checks that published files of the lake still exist and are the same.
//
//     note ─▶ [the newest 1,024 files] ─▶ look: the newest 16, and 112 of the others in turn
//
// So a check of a lake with 100,000 files costs no more than one with a thousand. Processes that may remove files hold
// <lake>/.restating meanwhile (io/lake/lake.h) and exchange whole days, so changes that coincide with that are
// accepted.
#pragma once

#include <deque>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>

#include "io/disk/directory_watch.h"
#include "io/lake/lake.h"

namespace tidemark {

class LakeWatch {
 public:
  // Of several that publish into one lake, the one that takes a partition over makes the last files of the one before
  // again, with the same bytes, and replaces them.
  enum class Writers : std::uint8_t { One, Several };
  explicit LakeWatch(Lake lake, Writers writers = Writers::One) : lake_(std::move(lake)), writers_(writers) {}

  // Notes the newest existing files. If a whole day is moved away later, that is no loss.
  void begin();
  // Adds published files by their names relative to the lake, as Store::files() returns them. From any thread.
  void note(std::span<const std::string> names);
  // What is wrong, with the cure; none if all is well.
  std::optional<std::string> look();

 private:
  struct Shown {
    std::string folder, name;  // "…/bars/dt=2026-11-22", "bars-…-….parquet"
    FileIdentity in_folder, file;
    std::int64_t bytes = 0;  // -1: unknown
    std::int64_t stamp = 0;  // mtime of .restating when the file was last seen unchanged
    bool is_ours = false;    // published by this process
    bool is_missed = false;  // its loss has been reported
    bool was_gone = false;
    std::string path() const { return folder + '/' + name; }
  };
  enum class Check : std::uint8_t { Fine, Wrong, Forget };

  void add(const std::string& folder, const std::string& name, bool is_ours);
  void add_folder(const std::string& folder, std::size_t most);
  Check judge(Shown& shown, std::int64_t stamp, std::set<std::string>& exchanged) const;
  Check judge_changed(Shown& shown, std::int64_t stamp) const;
  bool has_another_file_with_its_rows(const Shown& shown) const;
  std::int64_t stamp_of_restating() const;

  Lake lake_;
  Writers writers_;
  std::mutex mutex_;
  std::deque<Shown> shown_;  // newest last
  std::size_t turn_ = 0;     // the next file to check
};

}  // namespace tidemark
