#include "run/live_feed/feed_progress.h"

#include <algorithm>

#include "run/live_feed/feed_times.h"

namespace tidemark {

void FeedProgress::begin(FeedPlace place) {
  place_ = place;
  outgoing_.begin(place);
}

void FeedProgress::complete_to(EventTime time, std::optional<EventTime> settled) {
  place_->complete = time;
  if (settled) settle(*settled);
  outgoing_.add_heartbeat(*place_);
}

void FeedProgress::settle(EventTime time) {
  place_->settled = std::max(place_->settled, std::min(time, place_->complete));
}

EventTime FeedProgress::settled_by(EventTime market) const {
  return feed_times::floor_minute(market - lag_ - feed_times::updates_until);
}

void FeedProgress::skip_to(EventTime from) {
  place_->settled = from;
  // Without a heartbeat the first bars would be more than an hour ahead of the last one.
  if (place_->complete < from) complete_to(from);
}

}  // namespace tidemark
