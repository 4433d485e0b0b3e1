// Feed names by number, so that a held bar stores four bytes instead of a string.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/stream/sums.h"

namespace tidemark {

class FeedTable {
 public:
  // The number of a name, assigned on first use. 0 means "no feed".
  FeedId id(std::optional<std::string_view> name) {
    if (!name) return 0;
    if (last_ != 0 && *names_[last_] == *name) return last_;
    const auto next = static_cast<FeedId>(names_.size());
    const auto [entry, is_new] = ids_.try_emplace(std::string(*name), next);
    if (is_new) names_.push_back(&entry->first);
    return last_ = entry->second;
  }
  // Null for 0 and for mixed feeds.
  const std::string* name(FeedId id) const { return id == Sums::mixed_feeds ? nullptr : names_[id]; }
  std::size_t size() const { return names_.size(); }  // 0, "no feed", included

 private:
  std::unordered_map<std::string, FeedId> ids_;
  std::vector<const std::string*> names_{nullptr};  // by number; the map's keys do not move
  FeedId last_ = 0;
};

}  // namespace tidemark
