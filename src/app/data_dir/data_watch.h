// DataWatch: checks the data directory of a running process every second, and reports what changed.
//
//     something removed, replaced, renamed ─▶ /readyz 503 with the reason, one line in the journal
//                                          ─▶ the process ends if going on would lose data
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/process/tell.h"
#include "io/disk/directory_watch.h"
#include "io/lake/lake_watch.h"
#include "run/interfaces/journal.h"
#include "run/interfaces/store.h"

namespace tidemark {

class DataWatch {
 public:
  DataWatch(const std::string& directory, Lake lake, Journal& journal)
      : directory_(directory), lake_(std::move(lake)), journal_(journal) {}

  struct Tell {
    std::function<void(const std::string& reason)> unready;
    std::function<void()> ready;
  };
  // While the log is open.
  void begin(Tell tell);
  // Checks at most once a second, however often it is called. Returns trouble that the process must end for, which is
  // also reported.
  std::optional<DirectoryTrouble> look();
  // Adds the files of a completed publication. From any thread.
  void note(const std::vector<std::string>& files) { lake_.note(files); }

 private:
  void tell(const std::optional<std::string>& reason);

  DirectoryWatch directory_;
  LakeWatch lake_;
  Journal& journal_;
  Tell tell_;
  std::optional<std::string> told_;
  std::chrono::steady_clock::time_point next_look_;
};

// A store that reports each completed publication to the watch.
class WatchedStore final : public Store {
 public:
  WatchedStore(Store& store, DataWatch& watch) : store_(store), watch_(watch) {}
  std::vector<std::string> files(const Publication& publication) const override { return store_.files(publication); }
  Result<void> publish(const Publication& publication) override {
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
