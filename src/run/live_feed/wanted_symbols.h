// WantedSymbols: the symbols of a live feed, changed from any thread, and those of which bars are believed.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "run/interfaces/feed.h"
#include "run/live_feed/fetched_bar.h"

namespace tidemark {

class WantedSymbols final : public FeedSymbols {
 public:
  explicit WantedSymbols(std::vector<std::string> symbols) : wanted_(std::move(symbols)) { expect(wanted_); }

  // From any thread; everything else from the feed's.
  void bring(const std::vector<std::string>& symbols) override;
  // Makes those the wanted ones that were said last, and says whether any were said since.
  bool take_change();

  const std::vector<std::string>& list() const { return wanted_; }
  // The server brings the wanted ones, and no others any more. Returns those that are not in its list.
  std::vector<std::string> subscribed(std::vector<std::string> symbols);
  // Bars of those that go are on their way until the server says that it knows. What is no bar and says no symbol is for the
  // dead letters.
  bool is_expected(const FetchedBar& bar) const;

 private:
  void expect(std::vector<std::string> symbols);

  std::vector<std::string> wanted_;
  std::vector<std::string> expected_;  // those, and some that have just been left, in order
  std::mutex mutex_;
  std::optional<std::vector<std::string>> changed_;
};

}  // namespace tidemark
