#include "core/pipeline/recompute.h"

#include "core/check.h"
#include "core/signal/summary.h"

namespace tidemark {

Recompute::Recompute(const WindowSpec& spec, EventTime from, EventTime to, TrendSink& trends)
    : spec_{spec.size, spec.slide, Duration::zero()}, from_(from), to_(to), trends_(trends) {}

void Recompute::begin() { engine_.emplace(spec_); }

void Recompute::add(const Bar& bar) {
  engine_->observe(bar.values.time, *this);
  CHECK(engine_->count(bar) == Verdict::Accepted);  // in order of time, each instant once
}

void Recompute::end() { engine_->close_all(*this); }

void Recompute::window(const WindowState& state) {
  if (state.window.start < from_ || state.window.start >= to_) return;
  summarize(state, TrendStatus::Final, trend_);
  trends_.trend(trend_, state);
}

}  // namespace tidemark
