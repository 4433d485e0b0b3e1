#include "run/page/day_replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/pipeline/recompute.h"
#include "core/signal/summary.h"
#include "core/time/timestamp.h"

namespace tidemark {
namespace {

constexpr Duration minute = std::chrono::minutes(1);

EventTime end_of_minute(EventTime time) { return floor_to(time, minute) + minute; }

}  // namespace

// Collects what the machine makes of the bars, as the page receives it. Skips everything about the evening before.
class DayReplay::Collector final : public Effects {
 public:
  Collector(EventTime day, LiveBatch& batch) : day_(day), batch_(batch) {}

  void judged(const Bar& bar, Verdict verdict) override {
    if (verdict == Verdict::Duplicate || bar.values.time < day_) return;
    batch_.bars.push_back(live_bar(std::string(bar.symbol), bar.values));
  }
  void rejected(const Reject&) override {}
  void closed(const WindowState& state) override { collect(state, TrendStatus::Final); }
  void changed(const WindowState& state) override { collect(state, TrendStatus::Update); }

 private:
  void collect(const WindowState& state, TrendStatus status) {
    if (state.window.end <= day_) return;
    summarize(state, status, batch_.trends.emplace_back());
  }

  EventTime day_;
  LiveBatch& batch_;
};

Result<DayReplay> DayReplay::open(const PastDays& past, std::chrono::sys_days day, const WindowSpec& windows) {
  const EventTime begin{day};
  auto bars = past.open(begin - recompute_reach(windows), begin + std::chrono::days(1));
  if (!bars) return std::unexpected(bars.error());
  DayReplay replay(day, windows, std::move(*bars));
  if (replay.size() == 0)
    return std::unexpected(Error::setup(fmt::format("the lake has no bars of {}", format_date(begin))));
  replay.begin_ = floor_to(replay.bars_->time(replay.warm_up_), minute);
  replay.end_ = end_of_minute(replay.bars_->time(replay.bars_->size() - 1));
  if (auto begun = replay.rewind(); !begun) return std::unexpected(begun.error());
  return replay;
}

DayReplay::DayReplay(std::chrono::sys_days day, const WindowSpec& windows, std::unique_ptr<PastBars> bars)
    : day_(day), windows_(windows), bars_(std::move(bars)), machine_(windows) {
  while (warm_up_ < bars_->size() && bars_->time(warm_up_) < day_) ++warm_up_;
}

std::optional<EventTime> DayReplay::next() const {
  if (applied_ == bars_->size()) return std::nullopt;
  return end_of_minute(bars_->time(applied_));
}

Result<void> DayReplay::rewind() {
  bars_->rewind();
  machine_ = Machine(windows_);
  machine_.track_changes();
  applied_ = 0;
  time_ = begin_;
  LiveBatch discarded;
  if (auto applied = apply_until(day_, discarded); !applied) return applied;
  open_windows();  // discards those of the evening before
  return {};
}

Result<LiveBatch> DayReplay::step() {
  LiveBatch batch;
  if (const auto end = next()) {
    if (auto applied = apply_until(*end, batch); !applied) return std::unexpected(applied.error());
    time_ = *end;
    end_if_done(batch);
    Collector collector(day_, batch);
    machine_.emit_changes(collector);
  }
  describe(batch);
  return batch;
}

Result<LiveBatch> DayReplay::skip(EventTime to, std::size_t most) {
  LiveBatch batch;
  for (auto end = next(); end && *end <= to && batch.bars.size() < most; end = next()) {
    if (auto applied = apply_until(*end, batch); !applied) return std::unexpected(applied.error());
    time_ = *end;
  }
  if (const auto end = next(); !end || *end > to) time_ = std::max(time_, std::min(to, end_));
  end_if_done(batch);
  describe(batch);
  return batch;
}

LiveBatch DayReplay::open_windows() {
  LiveBatch batch;
  Collector collector(day_, batch);
  machine_.mark_open_windows();
  machine_.emit_changes(collector);
  describe(batch);
  return batch;
}

Result<void> DayReplay::apply_until(EventTime end, LiveBatch& batch) {
  Collector collector(day_, batch);
  while (applied_ < bars_->size() && bars_->time(applied_) < end) {
    const auto bar = bars_->next();
    if (!bar) return std::unexpected(bar.error());
    machine_.apply(Decoded(**bar), collector);
    ++applied_;
  }
  return {};
}

// The day's last windows are final like all others, because nothing comes after them.
void DayReplay::end_if_done(LiveBatch& batch) {
  if (next()) return;
  Collector collector(day_, batch);
  machine_.end(collector);
}

void DayReplay::describe(LiveBatch& batch) const {
  batch.account = machine_.account();
  batch.account.read -= static_cast<std::int64_t>(warm_up_);
  batch.account.accepted -= static_cast<std::int64_t>(warm_up_);
  batch.watermark = machine_.watermark().time();
  if (applied_ > warm_up_) batch.event_time = bars_->time(applied_ - 1);
}

}  // namespace tidemark
