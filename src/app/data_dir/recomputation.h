// Recomputation: recomputes the trends of days as far as the log allows it (contract/semantics.md §6.4), for the verbs
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

// Takes the lock that one process at a time may hold. A second process waits and names the holder; Ctrl-C ends the
// wait.
Result<std::unique_ptr<DiskLock>> wait_for_restating(const Lake& lake, std::string_view verb);

struct RecomputationOptions {
  std::filesystem::path data;
  WindowSpec windows;
  bool windows_are_said = false;  // then they override those of the log
  bool dry_run = false;
  std::string verb;  // the verb named in messages
};

class Recomputation {
 public:
  // Reads from the log, if there is one, its windows and what it has yet to publish.
  static Result<Recomputation> open(const Lake& lake, const RecomputationOptions& options);

  const WindowSpec& windows() const { return windows_; }
  // From several threads. The caller holds the restating lock.
  Result<Recomputed> make(LakeDay day, std::size_t threads) const;
  // Whether a day may have been refused because the log has not finished it.
  bool is_open(LakeDay day) const;
  // Whether the lake has all bars of the day below the log's offset `end`.
  bool has_all_bars(LakeDay day, Position end) const;

 private:
  Recomputation(const Lake& lake, const RecomputationOptions& options)
      : lake_(lake), windows_(options.windows), dry_run_(options.dry_run) {}
  Result<void> ask_log(const RecomputationOptions& options);

  const Lake& lake_;
  WindowSpec windows_;
  bool dry_run_;
  bool has_log_ = false;
  Position judged_ = 0;  // bars below this offset have been judged
  std::optional<Restatement> restatement_;
  std::optional<EventTime> closed_through_;
};

}  // namespace tidemark
