// Faults: faults of the server on demand, to test clients.
//
// Every decision is drawn from the seed and its subject (a symbol's minute, the number of a connection or a call), so
// the same seed causes the same faults. Faults are counted.
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
  std::uint64_t connections = std::numeric_limits<std::uint64_t>::max();  // only the first so many
};

struct FaultOptions {
  std::uint64_t seed = 1;
  std::optional<Duration> drop_after;  // a connection is cut after 0.5 to 1.5 times this
  std::optional<Duration> mute_after;  // a connection falls silent after 0.5 to 1.5 times this
  Share duplicate;                     // of bars that are sent twice
  Share late;                          // of bars that are sent a minute late
  Share corrections;                   // of bars that are wrong at first and corrected half a minute later
  Share rest_errors;                   // of calls that are answered with 500
  Share garbage;                       // of frames that an unreadable frame precedes
  std::optional<Refusal> refuse;
};

struct FaultCounts {
  std::uint64_t dropped = 0, muted = 0, refused = 0;                    // connections
  std::uint64_t duplicate_bars = 0, late_bars = 0, corrected_bars = 0;  // counted per subscriber
  std::uint64_t garbage_frames = 0, rest_errors = 0, rate_limited = 0, slow_clients = 0;
};

class Faults {
 public:
  explicit Faults(FaultOptions options) : options_(options) {}
  const FaultOptions& options() const { return options_; }

  bool is_late(std::string_view symbol, EventTime minute) const;
  bool is_duplicate(std::string_view symbol, EventTime minute) const;
  // The wrong first version of a bar; none for a bar that is correct from the beginning. It differs in the volume, or
  // in the close, which stays between low and high.
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
