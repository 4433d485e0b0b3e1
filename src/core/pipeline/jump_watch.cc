#include "core/pipeline/jump_watch.h"

#include <algorithm>

namespace tidemark {

void JumpWatch::moved(EventTime before, EventTime after, Duration delay, const Source& at, std::string_view symbol) {
  if (after - before <= least_jump) return;
  jumps_.push_back({.largest_before = before,
                    .told = {.source = std::string(at.name),
                             .position = at.position,
                             .symbol = std::string(symbol),
                             .bar = after,
                             .from = before - delay,
                             .to = after - delay}});
  if (jumps_.size() <= most_kept) return;
  jumps_.erase(std::ranges::min_element(jumps_, {}, [](const Jump& jump) { return jump.told.to - jump.told.from; }));
}

// What a jump skipped lies between the largest time before it and the watermark behind it; jumps do not overlap.
std::optional<WatermarkJump> JumpWatch::late(EventTime bar) {
  const auto jump =
      std::ranges::find_if(jumps_, [&](const Jump& one) { return one.largest_before < bar && bar < one.told.to; });
  if (jump == jumps_.end()) return std::nullopt;
  ++jump->told.late;
  last_ = jump->told;
  return last_;
}

}  // namespace tidemark
