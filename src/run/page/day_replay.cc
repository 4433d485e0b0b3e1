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

// What the machine makes of the bars, as the page is told it. Of the evening before nothing is said.
class DayReplay::Telling final : public Effects {
 public:
  Telling(EventTime day, LiveBatch& batch) : day_(day), batch_(batch) {}

  void judged(const Bar& bar, Verdict verdict) override {
    if (verdict == Verdict::Duplicate || bar.values.time < day_) return;
    batch_.bars.push_back(live_bar(std::string(bar.symbol), bar.values));
  }
  void rejected(const Reject&) override {}
  void closed(const WindowState& state) override { tell(state, TrendStatus::Final); }
  void changed(const WindowState& state) override { tell(state, TrendStatus::Update); }

 private:
  void tell(const WindowState& state, TrendStatus status) {
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
  if (told_ == bars_->size()) return std::nullopt;
  return end_of_minute(bars_->time(told_));
}

Result<void> DayReplay::rewind() {
  bars_->rewind();
  machine_ = Machine(windows_);
  machine_.track_changes();
  told_ = 0;
  time_ = begin_;
  LiveBatch unheard;
  if (auto told = tell_until(day_, unheard); !told) return told;
  open_windows();  // those of the evening are no news
  return {};
}

Result<LiveBatch> DayReplay::step() {
  LiveBatch batch;
  if (const auto end = next()) {
    if (auto told = tell_until(*end, batch); !told) return std::unexpected(told.error());
    time_ = *end;
    end_if_all_is_told(batch);
    Telling telling(day_, batch);
    machine_.tell_changes(telling);
  }
  describe(batch);
  return batch;
}

Result<LiveBatch> DayReplay::skip(EventTime to, std::size_t most) {
  LiveBatch batch;
  for (auto end = next(); end && *end <= to && batch.bars.size() < most; end = next()) {
    if (auto told = tell_until(*end, batch); !told) return std::unexpected(told.error());
    time_ = *end;
  }
  if (const auto end = next(); !end || *end > to) time_ = std::max(time_, std::min(to, end_));
  end_if_all_is_told(batch);
  describe(batch);
  return batch;
}

LiveBatch DayReplay::open_windows() {
  LiveBatch batch;
  Telling telling(day_, batch);
  machine_.mark_open_windows();
  machine_.tell_changes(telling);
  describe(batch);
  return batch;
}

Result<void> DayReplay::tell_until(EventTime end, LiveBatch& batch) {
  Telling telling(day_, batch);
  while (told_ < bars_->size() && bars_->time(told_) < end) {
    const auto bar = bars_->next();
    if (!bar) return std::unexpected(bar.error());
    machine_.apply(Decoded(**bar), telling);
    ++told_;
  }
  return {};
}

// The day's last windows are as final as all the others: nothing comes after them.
void DayReplay::end_if_all_is_told(LiveBatch& batch) {
  if (next()) return;
  Telling telling(day_, batch);
  machine_.end(telling);
}

void DayReplay::describe(LiveBatch& batch) const {
  batch.account = machine_.account();
  batch.account.read -= static_cast<std::int64_t>(warm_up_);
  batch.account.accepted -= static_cast<std::int64_t>(warm_up_);
  batch.watermark = machine_.watermark().time();
  if (told_ > warm_up_) batch.event_time = bars_->time(told_ - 1);
}

}  // namespace tidemark
