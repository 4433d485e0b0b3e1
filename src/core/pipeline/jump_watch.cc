#include "core/pipeline/jump_watch.h"

#include <algorithm>

#include "core/stream/snapshot.h"

namespace tidemark {
namespace {

void save_jump(const WatermarkJump& jump, SnapshotWriter& out) {
  out.text(jump.source);
  out.count(jump.position);
  out.text(jump.symbol);
  out.time(jump.bar);
  out.time(jump.from);
  out.time(jump.to);
  out.count(jump.late);
}

WatermarkJump load_jump(SnapshotReader& in) {
  WatermarkJump jump;
  jump.source = in.text();
  jump.position = in.count();
  jump.symbol = in.text();
  jump.bar = in.time();
  jump.from = in.time();
  jump.to = in.time();
  jump.late = in.count();
  return jump;
}

}  // namespace

void JumpWatch::moved(EventTime before, EventTime after, Duration delay, const Source& at, std::string_view symbol) {
  if (after - before <= least_jump) return;
  jumps_.push_back({.largest_before = before,
                    .report = {.source = std::string(at.name),
                               .position = at.position,
                               .symbol = std::string(symbol),
                               .bar = after,
                               .from = before - delay,
                               .to = after - delay}});
  if (jumps_.size() <= most_kept) return;
  jumps_.erase(
      std::ranges::min_element(jumps_, {}, [](const Jump& jump) { return jump.report.to - jump.report.from; }));
}

// A jump skipped the time between the largest event time before it and the watermark after it. Jumps do not overlap.
std::optional<WatermarkJump> JumpWatch::late(EventTime bar) {
  const auto jump =
      std::ranges::find_if(jumps_, [&](const Jump& one) { return one.largest_before < bar && bar < one.report.to; });
  if (jump == jumps_.end()) return std::nullopt;
  ++jump->report.late;
  last_ = jump->report;
  return last_;
}

void JumpWatch::lowered(EventTime to) {
  std::erase_if(jumps_, [&](const Jump& jump) { return jump.report.to > to; });
  if (last_ && last_->to > to) last_.reset();
}

void JumpWatch::save(SnapshotWriter& out) const {
  out.count(static_cast<std::int64_t>(jumps_.size()));
  for (const Jump& jump : jumps_) {
    out.time(jump.largest_before);
    save_jump(jump.report, out);
  }
  out.byte(last_ ? 1 : 0);
  if (last_) save_jump(*last_, out);
}

bool JumpWatch::load(SnapshotReader& in) {
  const std::int64_t count = in.count();
  if (count < 0 || count > static_cast<std::int64_t>(most_kept)) return false;
  for (std::int64_t i = 0; i < count && in.ok(); ++i) {
    const EventTime largest_before = in.time();
    jumps_.push_back({.largest_before = largest_before, .report = load_jump(in)});
  }
  if (in.byte() == 1) last_ = load_jump(in);
  return in.ok() && std::ranges::all_of(jumps_, [](const Jump& jump) { return jump.report.late >= 0; });
}

}  // namespace tidemark
