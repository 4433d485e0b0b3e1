// Faults on demand: what this server does wrong because somebody wants to see how his program takes it.
//
// Every decision is drawn from the seed and from what it is about (a symbol's minute, the number of a connection or a
// call), so the same seed does the same harm again. What was done is counted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

#include "io/alpaca_server/tape.h"

namespace tidemark {

struct Share {
  std::uint32_t millionths = 0;
};

struct Refusal {
  int code = 0;
  std::uint64_t connections = std::numeric_limits<std::uint64_t>::max();  // the first so many
};

struct FaultOptions {
  std::uint64_t seed = 1;
  std::optional<Duration> drop_after;  // a connection is cut after half to one and a half of it
  std::optional<Duration> mute_after;  // a connection falls silent, drawn alike
  Share duplicate;                     // of bars, sent twice
  Share late;                          // of bars, sent a minute late
  Share corrections;                   // of bars, wrong at first and put right half a minute later
  Share rest_errors;                   // of calls, answered with 500
  Share garbage;                       // of frames, before which one comes that cannot be read
  std::optional<Refusal> refuse;
};

struct FaultCounts {
  std::uint64_t dropped = 0, muted = 0, refused = 0;                    // connections
  std::uint64_t duplicate_bars = 0, late_bars = 0, corrected_bars = 0;  // per subscriber that got them
  std::uint64_t garbage_frames = 0, rest_errors = 0, rate_limited = 0, slow_clients = 0;
};

class Faults {
 public:
  explicit Faults(FaultOptions options) : options_(options) {}
  const FaultOptions& options() const { return options_; }

  bool is_late(std::string_view symbol, EventTime minute) const;
  bool is_duplicate(std::string_view symbol, EventTime minute) const;
  // How the bar looks before it is put right; none for one that is right from the beginning. It differs in the volume, or
  // in a close that lies between low and high.
  std::optional<TapeBar> first_version(std::string_view symbol, const TapeBar& bar) const;

  std::optional<Duration> drop_after(std::uint64_t connection) const;
  std::optional<Duration> mute_after(std::uint64_t connection) const;
  std::optional<int> refusal(std::uint64_t connection) const;  // connections are counted from 1
  bool is_garbage_before(std::uint64_t connection, std::uint64_t frame) const;
  bool fails(std::uint64_t call) const;

  FaultCounts counts;

 private:
  FaultOptions options_;
};

}  // namespace tidemark
