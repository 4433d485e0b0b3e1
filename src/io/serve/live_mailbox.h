// The mailbox between the engine and the server. It never fills up, because waiting batches are merged.
//
// It keeps the newest row of each symbol and window, the last account and watermark, and the oldest arrival. Above
// `most_rows` it drops the older windows and the earliest bars; the board would not keep them for long either. It has
// no lock: the server holds one around it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "run/interfaces/live.h"

namespace tidemark {

class LiveMailbox {
 public:
  explicit LiveMailbox(std::size_t most_rows) : most_rows_(most_rows) {}

  // True if the mailbox was empty, so that the reader must be notified.
  bool put(LiveBatch batch);
  std::optional<LiveBatch> take();

 private:
  using Key = std::pair<std::string, std::int64_t>;  // symbol, window_start
  struct Hash {
    std::size_t operator()(const Key& key) const {
      return std::hash<std::string>()(key.first) * 31 + std::hash<std::int64_t>()(key.second);
    }
  };

  void merge(LiveBatch batch);
  void index_from(std::size_t row);
  void shed();
  void shed_bars();

  std::size_t most_rows_;
  std::optional<LiveBatch> pending_;
  std::unordered_map<Key, std::size_t, Hash> rows_;  // into pending_->trends; built at the first merge
};

}  // namespace tidemark
