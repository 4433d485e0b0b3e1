// The feed of a world: brings the lines of the script, and is mute, comes back and fills the gap as feeds do.
//
// It lives outside of the computer, so it sees no crash. What a restart's cursor has taken is settled; what lies behind
// it may come in another order next time: a gap is filled merged by time, and before the next heartbeat
// (contract/semantics.md §3.12).
#pragma once

#include <cstddef>
#include <vector>

#include "core/simulator/random.h"
#include "run/interfaces/clock.h"
#include "run/interfaces/feed.h"
#include "sim/script.h"

namespace tidemark::sim {

class ScriptFeed final : public Feed {
 public:
  ScriptFeed(std::vector<Line> lines, std::uint64_t seed, const Clock& clock)
      : lines_(std::move(lines)), random_(seed), clock_(clock) {}

  std::string_view name() const override { return "script"; }
  Result<void> open(std::optional<std::string_view> cursor) override;
  Result<std::optional<FeedBatch>> poll(std::size_t limit) override;
  FeedStatus status() const override { return {.name = "script"}; }

  void fall_mute(std::int64_t polls) { mute_polls_ = polls; }
  std::size_t brought() const { return brought_; }  // lines, since the script began
  const std::vector<Line>& lines() const { return lines_; }
  std::size_t fills() const { return fills_; }

 private:
  void fill_gap();

  std::vector<Line> lines_;  // [0, brought_) in the order in which they were brought
  Random random_;
  const Clock& clock_;
  std::size_t brought_ = 0, fills_ = 0;
  std::int64_t mute_polls_ = 0;
};

}  // namespace tidemark::sim
