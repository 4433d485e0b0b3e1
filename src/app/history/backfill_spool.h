// The spool of a backfill: pages as the server gave them, one by one, until they are imported.
//
//     DIR/backfill/<plan>/plan.json            what is asked for
//                         000012-0002.json     page 12, of request 2
//                         calls.json           what is left of the limit, when that is little
//
// A page holds the token of the next one, so that its rename is the whole of a step: who was killed goes on behind the
// last page, and at most the call in flight is made again. One that a power cut has spoiled is fetched again.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/history/backfill_plan.h"
#include "core/result.h"
#include "io/alpaca/history.h"
#include "run/interfaces/disk.h"

namespace tidemark {

class BackfillSpool {
 public:
  // Made, or gone on with. A page that is damaged is fetched again, with those behind it. Error::setup: another process
  // works on the same plan.
  static Result<BackfillSpool> open(Disk& disk, const std::filesystem::path& data, const BackfillPlan& plan);

  struct Page {
    std::string path;
    std::size_t request = 0;
    PageFacts facts;
  };
  const std::vector<Page>& pages() const { return pages_; }
  std::size_t kept() const { return kept_; }  // pages that were there when it was opened
  std::size_t bars() const;

  // What has to be asked for next; none: all is there.
  std::optional<BarsRequest> next() const;
  std::size_t next_request() const;
  double share_done() const;
  // There for whoever comes after a kill; where calls are counted it survives a power cut, too, before the next is made.
  enum class Calls : bool { Free, Counted };
  Result<void> add(const HistoryText& page, Calls calls);

  // The pages of the request that is being fetched go: they were no answer to it. How many of them are of this process.
  Result<std::size_t> begin_request_anew();
  // The last page goes: its token, which the next request would have, is none.
  Result<std::size_t> forget_last_page();

  // What the limit allowed when the last process ended.
  std::optional<CallBudget> budget() const;
  Result<void> keep_budget(const CallBudget& budget);

  // With all that is in it.
  Result<void> remove();

 private:
  BackfillSpool(Disk& disk, std::string folder, const BackfillPlan& plan)
      : disk_(&disk), folder_(std::move(folder)), plan_(&plan) {}
  Result<void> check_plan() const;
  Result<void> read_pages();
  Result<std::size_t> forget_pages(std::size_t but_the_first);
  std::string path_of(std::size_t page, std::size_t request) const;

  Disk* disk_;
  std::string folder_;
  const BackfillPlan* plan_;
  std::unique_ptr<DiskLock> lock_;
  std::vector<Page> pages_;
  std::size_t kept_ = 0;
};

}  // namespace tidemark
