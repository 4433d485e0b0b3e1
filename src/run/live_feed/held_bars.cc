#include "run/live_feed/held_bars.h"

#include <algorithm>
#include <functional>
#include <string_view>

namespace tidemark {
namespace {

constexpr Duration kept = std::chrono::minutes(30);  // of the market: what history has brought

std::size_t hash(const FetchedBar& bar) { return std::hash<std::string_view>{}(bar.record.value); }

}  // namespace

bool HeldBars::add(StreamBar bar) {
  if (has_dropped_) return true;
  if (held_.size() < most) {
    held_.push_back(std::move(bar));
    return true;
  }
  clear();
  held_.shrink_to_fit();
  has_dropped_ = true;
  return false;
}

void HeldBars::clear() {
  held_.clear();
  has_dropped_ = false;
}

void HeldBars::merge(std::vector<FetchedBar>& bars, EventTime to) {
  fetched_.erase(fetched_.begin(), fetched_.lower_bound(to - kept));
  for (const FetchedBar& bar : bars)
    if (bar.is_bar && bar.time >= to - kept) fetched_[bar.time][bar.record.key] = hash(bar);
  const std::size_t count = bars.size();
  std::erase_if(held_, [&](StreamBar& bar) {
    if (!bar.bar.is_bar || bar.bar.time >= to) return false;
    if (!is_fetched(bar)) bars.push_back(std::move(bar.bar));
    return true;
  });
  if (bars.size() > count) std::ranges::stable_sort(bars, {}, &FetchedBar::time);
}

void HeldBars::release(Outgoing& outgoing) {
  for (StreamBar& bar : held_) put(std::move(bar), outgoing);
  held_.clear();
}

void HeldBars::put(StreamBar bar, Outgoing& outgoing) const {
  if (!is_fetched(bar)) outgoing.add(std::move(bar.bar.record));
}

// History is asked when a bar has been told: what it says is the same, or corrected. A correction is known when it came word for
// word.
bool HeldBars::is_fetched(const StreamBar& told) const {
  const auto minute = fetched_.find(told.bar.time);
  if (!told.bar.is_bar || minute == fetched_.end()) return false;
  const auto found = minute->second.find(told.bar.record.key);
  return found != minute->second.end() && (!told.is_update || found->second == hash(told.bar));
}

}  // namespace tidemark
