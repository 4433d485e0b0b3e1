#include "sim/script_feed.h"

#include <algorithm>
#include <charconv>

namespace tidemark::sim {

Result<void> ScriptFeed::open(std::optional<std::string_view> cursor) {
  brought_ = 0;
  if (cursor) {
    const auto [rest, error] = std::from_chars(cursor->data(), cursor->data() + cursor->size(), brought_);
    if (error != std::errc{} || brought_ > lines_.size())
      return std::unexpected(Error::permanent("the cursor is damaged: " + std::string(*cursor)));
  }
  if (random_.between(0, 1) == 0) fill_gap();
  return {};
}

void ScriptFeed::fill_gap() {
  ++fills_;
  const auto first = lines_.begin() + static_cast<std::ptrdiff_t>(brought_);
  auto last = first + random_.between(0, std::min<std::int64_t>(30, lines_.end() - first));
  if (last != first && (last - 1)->meaning == Line::Meaning::End) --last;
  const auto heartbeats =
      std::stable_partition(first, last, [](const Line& line) { return line.meaning != Line::Meaning::Heartbeat; });
  std::stable_sort(first, heartbeats, [](const Line& one, const Line& other) {
    const auto time = [](const Line& line) { return line.meaning == Line::Meaning::Bar ? line.bar.time : line.time; };
    return time(one) < time(other);
  });
}

Result<std::optional<FeedBatch>> ScriptFeed::poll(std::size_t limit) {
  if (mute_polls_ > 0) {
    if (--mute_polls_ == 0) fill_gap();
    return std::nullopt;
  }
  const std::size_t most = std::min<std::size_t>(limit, static_cast<std::size_t>(random_.between(1, 40)));
  FeedBatch batch;
  while (brought_ < lines_.size() && batch.records.size() < most) {
    Record& record = lines_[brought_++].record;
    record.ingested_at = clock_.now();  // as ingest says right after this
    batch.records.push_back(record);
  }
  if (batch.records.empty()) return std::nullopt;
  batch.cursor = std::to_string(brought_);
  return batch;
}

}  // namespace tidemark::sim
