// Merges batches. The index is built only when there is something to merge, which is rare.
#include "io/serve/live_mailbox.h"

#include <algorithm>
#include <iterator>

namespace tidemark {

bool LiveMailbox::put(LiveBatch batch) {
  const bool was_empty = !pending_;
  if (was_empty) {
    pending_ = std::move(batch);
  } else {
    merge(std::move(batch));
  }
  if (pending_->trends.size() > most_rows_) shed();
  if (pending_->bars.size() > most_rows_) shed_bars();
  return was_empty;
}

std::optional<LiveBatch> LiveMailbox::take() {
  rows_.clear();
  return std::exchange(pending_, std::nullopt);
}

void LiveMailbox::index_from(std::size_t row) {
  for (; row < pending_->trends.size(); ++row) {
    const Trend& trend = pending_->trends[row];
    rows_[{trend.symbol, nanos_since_epoch(trend.window.start)}] = row;
  }
}

void LiveMailbox::merge(LiveBatch batch) {
  if (rows_.empty()) index_from(0);
  std::vector<Trend>& trends = pending_->trends;
  for (Trend& trend : batch.trends) {
    const auto [row, is_new] =
        rows_.try_emplace(Key{trend.symbol, nanos_since_epoch(trend.window.start)}, trends.size());
    if (is_new) {
      trends.push_back(std::move(trend));
    } else {
      trends[row->second] = std::move(trend);
    }
  }
  pending_->bars.insert(pending_->bars.end(), std::make_move_iterator(batch.bars.begin()),
                        std::make_move_iterator(batch.bars.end()));
  pending_->account = batch.account;
  pending_->watermark = batch.watermark;
  pending_->event_time = batch.event_time;
  pending_->jump = std::move(batch.jump);
  if (!pending_->ingested_at || (batch.ingested_at && *batch.ingested_at < *pending_->ingested_at)) {
    pending_->ingested_at = batch.ingested_at;
  }
}

void LiveMailbox::shed_bars() {
  std::vector<LiveBar>& bars = pending_->bars;
  bars.erase(bars.begin(), bars.end() - static_cast<std::ptrdiff_t>(most_rows_ / 2));
}

// Drops the older half of the windows, so that this is not needed again for the next batch.
void LiveMailbox::shed() {
  std::vector<Trend>& trends = pending_->trends;
  std::vector<EventTime> starts;
  starts.reserve(trends.size());
  for (const Trend& trend : trends) starts.push_back(trend.window.start);
  const auto middle = starts.begin() + static_cast<std::ptrdiff_t>(starts.size() / 2);
  std::nth_element(starts.begin(), middle, starts.end());
  const EventTime oldest_kept = *middle;
  std::erase_if(trends, [&](const Trend& trend) { return trend.window.start < oldest_kept; });
  if (trends.size() > most_rows_) trends.resize(most_rows_);  // very many symbols in one window
  rows_.clear();
  index_from(0);
}

}  // namespace tidemark
