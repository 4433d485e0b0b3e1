// Since when a session_vwap sums up (contract/semantics.md §8.9).
#pragma once

#include "core/time/time.h"

namespace tidemark {

// The latest 04:00, 09:30 or 20:00 of New York at or before a time: the beginnings of pre-market, regular and after
// hours, and overnight. Fast for times that come nearly in order, because it remembers the last answer.
class AnchorRuler {
 public:
  EventTime anchor_of(EventTime time);

 private:
  EventTime begin_{}, end_{};  // of no time yet
};

}  // namespace tidemark
