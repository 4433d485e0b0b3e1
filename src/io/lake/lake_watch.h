// LakeWatch: whether files that were shown in the lake are still there, and the same.
//
//     note ─▶ [the newest 1,024 files] ─▶ look: the newest 16, and 112 of the others in turn
//
// So a look costs as much in a lake of 100,000 files as in one of ten. Whoever may take files away holds <lake>/.restating
// meanwhile (io/lake/lake.h), and exchanges whole days: what changes together with that is believed.
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

  // Notes the newest files that are there. Days that are moved away later are no loss to it.
  void begin();
  // Names relative to the lake, as Store::files() gives them, once they have been shown. From any thread.
  void note(std::span<const std::string> names);
  // What is wrong, with the cure; none if nothing is.
  std::optional<std::string> look();

 private:
  struct Shown {
    std::string folder, name;  // "…/bars/dt=2026-11-22", "bars-…-….parquet"
    FileIdentity in_folder, file;
    std::int64_t bytes = 0;  // -1: nobody knows
    std::int64_t stamp = 0;  // of .restating, when the file was last seen as it should be
    bool is_ours = false;    // shown by this process
    bool is_missed = false;  // and somebody was told
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
  std::size_t turn_ = 0;     // of the next that is looked at
};

}  // namespace tidemark
