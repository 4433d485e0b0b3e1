#include "app/live/left_out_journal.h"

#include <string>
#include <utility>

#include "core/time/timestamp.h"

namespace tidemark {

void LeftOutJournal::note(LeftOut more, Clock::time_point now) {
  untold_.add(std::move(more));
  if (untold_.jump && now >= next_jump_line_) {
    tell_jump();
    next_jump_line_ = now + between_lines;
  }
  if (untold_.is_empty() || now < next_line_) return;
  tell();
  next_line_ = now + between_lines;
}

void LeftOutJournal::finish() {
  if (untold_.jump) tell_jump();
  if (!untold_.is_empty()) tell();
}

void LeftOutJournal::tell() {
  if (untold_.first_rejected) {
    const LeftOut::First& first = *untold_.first_rejected;
    journal_.warning("bars.rejected", {{"records", std::to_string(untold_.rejected_count)},
                                       {"first", place_of(first)},
                                       {"reason", reason_of(first)},
                                       {"hint", std::string(first.hint)},
                                       {"cure", std::string(cures_.of_rejected)}});
  }
  if (untold_.first_late)
    journal_.warning("bars.late", {{"records", std::to_string(untold_.late_count)},
                                   {"first", place_of(*untold_.first_late)},
                                   {"why", "their windows had closed, so they are in no trend"},
                                   {"cure", std::string(cures_.of_late)}});
  LeftOut left;
  left.jump = std::move(untold_.jump);
  untold_ = std::move(left);
}

void LeftOutJournal::tell_jump() {
  const WatermarkJump& jump = *untold_.jump;
  journal_.warning("watermark.jumped", {{"position", jump.source + ':' + std::to_string(jump.position)},
                                        {"symbol", jump.symbol},
                                        {"bar", format_timestamp(jump.bar)},
                                        {"from", format_timestamp(jump.from)},
                                        {"to", format_timestamp(jump.to)},
                                        {"late", std::to_string(jump.late)},
                                        {"why", "bars that came behind it are late, so they are in no trend"},
                                        {"cure", "docs/feeds.md, \"A bar from the future\""}});
  untold_.jump.reset();
}

}  // namespace tidemark
