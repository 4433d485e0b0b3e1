// Days of a data directory whose trends are made anew, by what its log allows (contract/semantics.md §6.4): for the verbs
// that restate the past.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "core/stream/window_spec.h"
#include "core/time/time.h"
#include "io/lake/lake.h"
#include "io/lake/recompute_day.h"
#include "run/roles/restatement.h"

namespace tidemark {

// One process at a time: who comes second waits, and says for whom. Ctrl-C ends the waiting.
Result<std::unique_ptr<DiskLock>> wait_for_restating(const Lake& lake, std::string_view verb);

struct RecomputationOptions {
  std::filesystem::path data;
  WindowSpec windows;
  bool windows_are_said = false;  // then they go before those of the log
  bool dry_run = false;
  std::string verb;  // for what is said to people
};

class Recomputation {
 public:
  // Asks the log, if there is one: for its windows, and for what it still has to say.
  static Result<Recomputation> open(const Lake& lake, const RecomputationOptions& options);

  const WindowSpec& windows() const { return windows_; }
  // From several threads. The caller holds restating.
  Result<Recomputed> make(LakeDay day, std::size_t threads) const;
  // Whether the log may be the reason why a day was refused: it is not done with it.
  bool is_open(LakeDay day) const;
  // Whether the lake has all bars of the day that came before the log's offset `end`.
  bool has_all_bars(LakeDay day, Position end) const;

 private:
  Recomputation(const Lake& lake, const RecomputationOptions& options)
      : lake_(lake), windows_(options.windows), dry_run_(options.dry_run) {}
  Result<void> ask_log(const RecomputationOptions& options);

  const Lake& lake_;
  WindowSpec windows_;
  bool dry_run_;
  bool has_log_ = false;
  Position judged_ = 0;  // offset of the bars that the log has judged
  std::optional<Restatement> restatement_;
  std::optional<EventTime> closed_through_;
};

}  // namespace tidemark
