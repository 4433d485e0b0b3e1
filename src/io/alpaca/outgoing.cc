#include "io/alpaca/outgoing.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "run/interfaces/cursor_text.h"

namespace tidemark {
namespace {

constexpr std::string_view version = "alpaca1";

}  // namespace

std::string FeedPlace::write() const {
  return fmt::format("{} {} {}", version, nanos_since_epoch(complete), nanos_since_epoch(settled));
}

FeedPlace FeedPlace::lowered(EventTime to, const WindowSpec& windows) const {
  FeedPlace place = *this;
  place.complete = floor_to(std::min(complete, to + windows.delay), std::chrono::minutes(1));
  place.settled = floor_to(std::min({settled, place.complete, to - windows.size}), std::chrono::minutes(1));
  return place;
}

std::optional<FeedPlace> FeedPlace::read(std::string_view text) {
  CursorText words(text);
  words.expect(version);
  FeedPlace place;
  place.complete = event_time_from_nanos(words.number<std::int64_t>());
  place.settled = event_time_from_nanos(words.number<std::int64_t>());
  if (!words.is_good() || place.settled > place.complete) return std::nullopt;
  return place;
}

}  // namespace tidemark
