// What a live feed counts, and where it shows that: metrics are of io, and a feed knows only their numbers.
#pragma once

#include <cstdint>

namespace tidemark {

struct FeedCounts {
  std::uint64_t history_calls = 0;      // calls of history …
  std::uint64_t history_limited = 0;    // … answered with 429
  std::uint64_t history_failures = 0;   // questions that history did not answer
  bool is_history_failing = false;      // it does not answer what it is asked
  std::uint64_t stream_lost = 0;        // connections of the stream that ended
  std::uint64_t refused_of_stream = 0;  // bars that nobody asked for
  std::uint64_t refused_of_history = 0;
  std::uint64_t clock_jumps = 0;   // times that the wall clock was found to be wrong
  double clock_ahead_seconds = 0;  // so much the wall clock is ahead of the time that the feed believes
};

class FeedMeter {
 public:
  virtual ~FeedMeter() = default;
  // All counts are since the feed was made. Called often, and cheap.
  virtual void show(const FeedCounts& counts) = 0;
};

}  // namespace tidemark
