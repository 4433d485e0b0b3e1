// BackfillSpool: keeps the pages of a backfill as the server sent them, until they are imported.
//
//     DIR/backfill/<plan>/plan.json            what is asked for
//                         000012-0002.json     page 12, of request 2
//                         calls.json           what is left of the call limit, if it is little
//
// A page holds the token of the next page, so its rename completes a step. After a kill the backfill continues behind
// the last page and repeats at most the call in flight. A page that a power cut has damaged is fetched again.
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
  // Creates the spool, or opens it to continue. A damaged page is dropped together with those behind it, to be fetched
  // again. Error::setup if another process works on the same plan.
  static Result<BackfillSpool> open(Disk& disk, const std::filesystem::path& data, const BackfillPlan& plan);

  struct Page {
    std::string path;
    std::size_t request = 0;
    PageFacts facts;
  };
  const std::vector<Page>& pages() const { return pages_; }
  std::size_t kept() const { return kept_; }  // pages that were there when the spool was opened
  std::size_t bars() const;

  // The next request; none if all pages are there.
  std::optional<BarsRequest> next() const;
  std::size_t next_request() const;
  double share_done() const;
  // Stores a page so that it survives a kill. If calls are counted, it also survives a power cut before the next call
  // is made.
  enum class Calls : bool { Free, Counted };
  Result<void> add(const HistoryText& page, Calls calls);

  // Drops the pages of the current request, which were no answer to it. Returns how many of them this process had
  // fetched.
  Result<std::size_t> begin_request_anew();
  // Drops the last page, because its token for the next page is not valid.
  Result<std::size_t> forget_last_page();

  // The call budget that the last process stored.
  std::optional<CallBudget> budget() const;
  Result<void> keep_budget(const CallBudget& budget);

  // Removes the spool and its contents.
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
