// PageWalk: the pages that answer one question, counted, so that a server which never comes to an end is found out.
//
//     question ─▶ page ─ token ─▶ page ─ token ─▶ … ─▶ page without a token
//
// A symbol has at most one bar a minute. So the question itself says how many bars, bytes and pages an honest answer can have;
// the limits lie well above that.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>

#include "core/result.h"
#include "run/live_feed/history_pages.h"

namespace tidemark {

struct PageLimits {
  std::size_t pages = 0, empty_pages = 0, bars = 0;
  std::uint64_t bytes = 0;
};
PageLimits page_limits(const BarsRequest& request);

class PageWalk {
 public:
  explicit PageWalk(const BarsRequest& request) : limits_(page_limits(request)) {}

  struct Page {
    std::string_view next;  // token of the next page; empty: this is the last one
    std::size_t bars = 0;
    std::uint64_t bytes = 0;
  };
  // Error::retryable says why the pages so far are no answer; the question has to be asked anew from its first page.
  Result<void> take(const Page& page);

 private:
  PageLimits limits_;
  std::size_t pages_ = 0, empty_in_a_row_ = 0, bars_ = 0;
  std::uint64_t bytes_ = 0;
  std::unordered_set<std::size_t> tokens_;  // hashes of those that came
};

}  // namespace tidemark
