// Arrivals: what has come into a world's log, in its order: the lines that the feed brought, and among them dead letters
// that somebody has redriven, as they were or mended.
//
// Whether a step that came to no end is in the log is found out at the next start, from its cursor; never more than one
// step is open, so the order stays known.
#pragma once

#include <cstdint>
#include <set>
#include <vector>

#include "core/simulator/random.h"
#include "run/interfaces/clock.h"
#include "run/interfaces/log.h"
#include "run/interfaces/notifier.h"
#include "sim/script.h"

namespace tidemark::sim {

class Arrivals {
 public:
  explicit Arrivals(std::uint64_t seed) : random_(seed) {}

  const std::vector<Line>& lines() const { return lines_; }
  std::int64_t redriven() const { return static_cast<std::int64_t>(redriven_.size()); }

  // The first `count` lines of the feed are in the log.
  void brought(const std::vector<Line>& feed, std::size_t count);

  // The log has gone back to so many records, and may come forward again: from there on it alone says what has come, and in which
  // order. A record that is no line of the feed is an error that says so. False: the log does not hold them any more.
  Result<bool> follow(Log& log, const std::vector<Line>& feed, std::size_t from);

  // Somebody appends some dead letters again, of which some may have gone before; in place of others a bar of the feed.
  Result<std::size_t> redrive(Log& log, const std::vector<Line>& feed, const Clock& clock, Notifier& analyze);

  // After a start: the log says what became of the step that was open.
  Result<void> settle(Log& log);

 private:
  struct Wish {
    Position letter;
    Line line;
  };

  const Line& mended(const std::vector<Line>& feed, const Line& line);
  void take_wishes();

  Random random_;
  std::vector<Line> lines_;
  std::size_t brought_ = 0;      // lines of the feed, among them
  std::set<Position> redriven_;  // letters that are
  std::vector<Wish> wishes_;     // of the step that is open
};

}  // namespace tidemark::sim
