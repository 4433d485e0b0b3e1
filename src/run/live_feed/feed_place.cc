#include "run/live_feed/feed_place.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "run/interfaces/cursor_text.h"
#include "run/live_feed/feed_times.h"

namespace tidemark {
namespace {

using feed_times::floor_minute;

std::string version_of(std::string_view source) { return fmt::format("{}1", source); }

}  // namespace

std::string FeedPlace::write(std::string_view source) const {
  return fmt::format("{} {} {}", version_of(source), nanos_since_epoch(complete), nanos_since_epoch(settled));
}

std::optional<FeedPlace> FeedPlace::read(std::string_view text, std::string_view source) {
  CursorText words(text);
  words.expect(version_of(source));
  FeedPlace place;
  place.complete = event_time_from_nanos(words.number<std::int64_t>());
  place.settled = event_time_from_nanos(words.number<std::int64_t>());
  if (!words.is_good() || place.settled > place.complete) return std::nullopt;
  return place;
}

FeedPlace FeedPlace::lowered(EventTime to, const WindowSpec& windows) const {
  FeedPlace place = *this;
  place.complete = floor_minute(std::min(complete, to + windows.delay));
  place.settled = floor_minute(std::min({settled, place.complete, to - windows.size}));
  return place;
}

}  // namespace tidemark
