#include "run/live_feed/feed_text.h"

#include <fmt/format.h>

#include "core/time/timestamp.h"

namespace tidemark {

std::string clock_text(EventTime time) { return format_window_time(time).substr(11, 5); }

std::string span_text(EventTime from, EventTime to) {
  if (format_date(from) == format_date(to)) return fmt::format("{}–{} UTC", clock_text(from), clock_text(to));
  return fmt::format("{} {}–{} {} UTC", format_date(from), clock_text(from), format_date(to), clock_text(to));
}

}  // namespace tidemark
