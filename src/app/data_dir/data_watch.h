// DataWatch: checks the data directory of a running process every second, and reports what changed.
//
//     something removed, replaced, renamed ─▶ /readyz 503 with the reason, one line in the journal
//                                          ─▶ the process ends if going on would lose data
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "app/data_dir/lake_place.h"
#include "app/process/tell.h"
#include "io/disk/directory_watch.h"
#include "io/lake/lake_watch.h"
#include "run/interfaces/journal.h"
#include "run/interfaces/store.h"

namespace tidemark {

class DataWatch {
 public:
  enum class Log : std::uint8_t { InDirectory, InKafka };  // there several processes may publish into one lake
  DataWatch(const std::string& directory, const LakePlace& place, Journal& journal, Log log = Log::InDirectory)
      : directory_(directory, log == Log::InDirectory ? DirectoryWatch::Files::OfLog : DirectoryWatch::Files::None),
        journal_(journal) {
    if (place.is_local())
      lake_.emplace(place.lake(), log == Log::InDirectory ? LakeWatch::Writers::One : LakeWatch::Writers::Several);
  }

  struct Tell {
    std::function<void(const std::string& reason)> unready;
    std::function<void()> ready;
    // Where the log is in the directory: damage, if another program has written into its file.
    std::function<Result<void>()> check_log = [] { return Result<void>(); };
  };
  // While the log is open.
  void begin(Tell tell);
  // Checks at most once a second, however often it is called. Returns trouble that the process must end for, which is
  // also reported.
  std::optional<DirectoryTrouble> look();
  // An error once what the process would publish belongs to something else. From any thread.
  Result<void> may_publish() const;
  // Adds the files of a completed publication. From any thread.
  void note(const std::vector<std::string>& files) {
    if (lake_) lake_->note(files);
  }

 private:
  void tell(const std::optional<std::string>& reason);

  DirectoryWatch directory_;
  std::optional<LakeWatch> lake_;  // none: the files are not on this machine
  Journal& journal_;
  Tell tell_;
  std::optional<std::string> told_;
  mutable std::mutex mutex_;
  std::optional<std::string> over_;  // why nothing is published any more
  std::chrono::steady_clock::time_point next_look_;
};

// A store that reports each completed publication to the watch.
class WatchedStore final : public Store {
 public:
  WatchedStore(Store& store, DataWatch& watch) : store_(store), watch_(watch) {}
  Result<StoredRows> find(const Publication& rows) const override { return store_.find(rows); }
  std::vector<std::string> files(const Publication& publication) const override { return store_.files(publication); }
  Result<void> publish(const Publication& publication) override {
    if (auto may = watch_.may_publish(); !may) return may;
    auto published = store_.publish(publication);
    if (published) watch_.note(store_.files(publication));
    return published;
  }
  Result<void> take_over(Position from, Position to) override { return store_.take_over(from, to); }

 private:
  Store& store_;
  DataWatch& watch_;
};

}  // namespace tidemark
