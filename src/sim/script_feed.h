// The feed of a world: hands out the lines of the script; it falls mute, comes back and fills the gap as feeds do.
//
// It lives outside of the computer, so it sees no crash. Behind a restart's cursor the lines may come in another order: a
// gap is filled merged by time, and before the next heartbeat (contract/semantics.md §3.12). Each opening therefore begins
// a branch, and a cursor names its branch:
//
//     branch 0   1 2 3 4 5 6 │
//     branch 1   1 2 3 4 6 5 7 8 │        opened at 4@0
//     branch 2   1 2 3 4 5 6 7 8 9        opened at 6@0: the log had lost 5 and 6 to a wrong read, and has them again
//
// So the lines before any cursor are known exactly, whichever commit a rotten disk makes of a log.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "core/simulator/random.h"
#include "run/interfaces/clock.h"
#include "run/interfaces/feed.h"
#include "sim/script.h"

namespace tidemark::sim {

class ScriptFeed final : public Feed {
 public:
  ScriptFeed(std::vector<Line> lines, std::uint64_t seed, const Clock& clock)
      : random_(seed), clock_(clock), branches_{{.lines = std::move(lines)}} {}

  std::string_view name() const override { return "script"; }
  // A cursor that it never gave is an error (is_unknown_cursor).
  Result<void> open(std::optional<std::string_view> cursor) override;
  Result<std::optional<FeedBatch>> poll(std::size_t limit) override;
  FeedStatus status() const override { return {.name = "script"}; }

  void fall_mute(std::int64_t polls) { mute_polls_ = polls; }
  std::size_t fills() const { return fills_; }

  // Of the branch that was opened last: all lines, of which the first `brought()` are handed out.
  const std::vector<Line>& lines() const { return branches_.back().lines; }
  std::size_t brought() const { return branches_.back().brought; }

  std::size_t branches() const { return branches_.size(); }
  std::span<const Line> handed_out(std::size_t branch) const;
  // None: the feed never gave this cursor.
  std::optional<std::span<const Line>> handed_out_before(std::string_view cursor) const;

 private:
  struct Branch {
    std::vector<Line> lines;
    std::size_t brought = 0;
  };
  struct Place {
    std::size_t branch, count;
  };
  std::optional<Place> place_of(std::string_view cursor) const;
  void fill_gap();

  Random random_;
  const Clock& clock_;
  std::vector<Branch> branches_;
  std::size_t fills_ = 0;
  std::int64_t mute_polls_ = 0;
};

bool is_unknown_cursor(const Error& error);

}  // namespace tidemark::sim
