// FeedProgress: how far a live feed has brought its bars, and what it still wants to append.
//
//     ────── settled ────── complete ──────▶ market's time
//        corrections, too │ bars      │ still to come
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "core/time/time.h"
#include "run/live_feed/feed_place.h"
#include "run/live_feed/outgoing.h"

namespace tidemark {

class FeedProgress {
 public:
  // `lag`: so much later than they are bars come.
  FeedProgress(std::string source, Duration lag) : lag_(lag), outgoing_(std::move(source)) {}

  bool has_begun() const { return place_.has_value(); }
  // From here on; nothing was brought of the time behind.
  void begin(FeedPlace place);

  // Only once it has begun, as what follows.
  EventTime complete() const { return place_->complete; }
  EventTime settled() const { return place_->settled; }

  // Everything before `time` is here, its corrections up to `settled`: a heartbeat says so.
  void complete_to(EventTime time, std::optional<EventTime> settled = std::nullopt);
  // Never backwards, and never beyond what is complete.
  void settle(EventTime time);
  // The latest settled minute, where everything has been heard until `market`.
  EventTime settled_by(EventTime market) const;
  // What lies before `from` is given up.
  void skip_to(EventTime from);

  Outgoing& outgoing() { return outgoing_; }

 private:
  Duration lag_;
  std::optional<FeedPlace> place_;
  Outgoing outgoing_;
};

}  // namespace tidemark
