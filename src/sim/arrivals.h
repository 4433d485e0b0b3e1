// Arrivals: what has come into a world's log, in its order: the lines that the feed brought, and among them dead letters
// that somebody has redriven, as they were or mended.
//
// A redrive that failed or was killed stays open: a power cut may still bring it into the log, as long as nothing was
// appended in its place. The next start looks what the log holds behind the known lines: nothing, or one of the open
// steps, whole. So the order stays known.
#pragma once

#include <cstdint>
#include <set>
#include <span>
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

  // On a disk that rots the log may come back as an older commit, or as the newer one again. From then on it holds these lines.
  void take_from(std::span<const Line> held);
  // Whether the log still has all that it had, where it holds these lines.
  bool are_kept_in(std::span<const Line> held) const;

  // Somebody appends some dead letters again, of which some may have gone before; in place of others a bar of the feed.
  Result<std::size_t> redrive(Log& log, const std::vector<Line>& feed, const Clock& clock, Notifier& analyze);

  // After a start: the log says what became of the steps that were open.
  Result<void> settle(Log& log);

 private:
  struct Wish {
    Position letter;
    Line line;
  };
  using Step = std::vector<Wish>;  // becomes durable whole, or not at all

  static bool is_in(const Batch& tail, const Step& step);
  const Line& mended(const std::vector<Line>& feed, const Line& line);
  Result<void> compare_letters(Log& log, const Step& held) const;
  void take(Step step);

  Random random_;
  std::vector<Line> lines_;
  std::size_t brought_ = 0;      // lines of the feed, among them
  std::set<Position> redriven_;  // letters that are
  std::vector<Step> open_;       // failed since the last append that succeeded; at most one of them is in the log
};

}  // namespace tidemark::sim
