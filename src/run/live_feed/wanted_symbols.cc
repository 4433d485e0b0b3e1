#include "run/live_feed/wanted_symbols.h"

#include <algorithm>
#include <utility>

namespace tidemark {

void WantedSymbols::bring(const std::vector<std::string>& symbols) {
  const std::lock_guard guard(mutex_);
  changed_ = symbols;
}

bool WantedSymbols::take_change() {
  std::optional<std::vector<std::string>> changed;
  {
    const std::lock_guard guard(mutex_);
    changed = std::exchange(changed_, std::nullopt);
  }
  if (!changed) return false;
  std::vector<std::string> expected = *changed;
  expected.insert(expected.end(), wanted_.begin(), wanted_.end());
  expect(std::move(expected));
  wanted_ = std::move(*changed);
  return true;
}

std::vector<std::string> WantedSymbols::subscribed(std::vector<std::string> symbols) {
  expect(wanted_);
  std::ranges::sort(symbols);
  std::vector<std::string> missing;
  for (const std::string& symbol : wanted_)
    if (!std::ranges::binary_search(symbols, symbol)) missing.push_back(symbol);
  return missing;
}

bool WantedSymbols::is_expected(const FetchedBar& bar) const {
  return std::ranges::binary_search(expected_, bar.record.key) || (!bar.is_bar && bar.record.key.empty());
}

void WantedSymbols::expect(std::vector<std::string> symbols) {
  std::ranges::sort(symbols);
  expected_ = std::move(symbols);
}

}  // namespace tidemark
