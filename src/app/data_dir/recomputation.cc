#include "app/data_dir/recomputation.h"

#include <fmt/format.h>
#include <poll.h>

#include <chrono>
#include <utility>

#include "app/process/signals.h"
#include "app/process/tell.h"
#include "core/pipeline/recompute.h"
#include "core/time/duration_text.h"
#include "io/disk/posix_disk.h"
#include "io/embedded/embedded_log.h"
#include "run/interfaces/readers.h"
#include "run/roles/analyze_role.h"

namespace tidemark {
namespace {

constexpr int lock_again = 200;   // milliseconds
constexpr int most_attempts = 5;  // at a day to which a run publishes meanwhile

std::string describe(const WindowSpec& windows) {
  return fmt::format("--size {} --slide {}", format_duration(windows.size), format_duration(windows.slide));
}

}  // namespace

Result<std::unique_ptr<DiskLock>> wait_for_restating(const Lake& lake, std::string_view verb) {
  bool is_told = false;
  for (int refused_by_nobody = 0; !stop_requested();) {
    auto held = lake.lock_restating(Disk::Wait::No);
    if (held || !held.error().is_retryable()) return held;
    // The holder may have released it meanwhile. If that happens twice in a row, the disk itself refuses the lock.
    refused_by_nobody = lock_holder(lake.disk().path_of_lock(lake.restating_path())) ? 0 : refused_by_nobody + 1;
    if (refused_by_nobody == 2) return held;
    if (refused_by_nobody == 1) continue;
    if (!std::exchange(is_told, true)) tell_of(verb, "{}; waiting", held.error().message());
    pollfd stop{stop_descriptor(), POLLIN, 0};
    ::poll(&stop, 1, lock_again);
  }
  return std::unexpected(Error::permanent("ended before anything was done"));
}

Result<Recomputation> Recomputation::open(const Lake& lake, const RecomputationOptions& options) {
  Recomputation days(lake, options);
  if (auto asked = days.ask_log(options); !asked) return std::unexpected(asked.error());
  return days;
}

// The log knows the windows of its trends, and which rows it has yet to publish.
Result<void> Recomputation::ask_log(const RecomputationOptions& options) {
  std::error_code ignored;
  if (!std::filesystem::exists(options.data / "log.db", ignored)) return {};
  has_log_ = true;
  auto log = open_embedded_log({.directory = options.data.string(), .read_only = true});
  if (!log) return std::unexpected(log.error());
  const auto analyzed = (*log)->restore(analyze_reader);
  if (!analyzed) return std::unexpected(analyzed.error());
  judged_ = analyzed->position(Topic::Bars);
  const auto windows = AnalyzeRole::windows_of(**log);
  if (!windows) return std::unexpected(windows.error());
  if (!*windows) return {};
  auto found = Restatement::look(**log, **windows);
  if (!found) return std::unexpected(found.error());
  restatement_ = std::move(*found);
  if (!options.windows_are_said) windows_ = **windows;
  if (windows_.size != (*windows)->size || windows_.slide != (*windows)->slide)
    tell_of(options.verb, "the trends get windows of {}, as you say; the log makes those of {}", describe(windows_),
            describe(**windows));
  // A window is open as long as the log's window that begins with it.
  closed_through_ = restatement_->closed_through();
  if (closed_through_) *closed_through_ += windows_.size - (*windows)->size;
  return {};
}

Result<Recomputed> Recomputation::make(LakeDay day, std::size_t threads) const {
  if (restatement_)
    if (auto checked = restatement_->check_published(day, recompute_reach(windows_)); !checked)
      return std::unexpected(checked.error());
  const RecomputeOptions how{
      .windows = windows_, .closed_through = closed_through_, .dry_run = dry_run_, .threads = threads};
  auto made = recompute_day(lake_, day, how);
  for (int attempt = 1; !made && made.error().is_retryable() && attempt < most_attempts; ++attempt)
    made = recompute_day(lake_, day, how);
  return made;
}

bool Recomputation::is_open(LakeDay day) const {
  if (!restatement_) return false;
  const EventTime last_end = EventTime{day} + std::chrono::days(1) + recompute_reach(windows_);
  return (closed_through_ && last_end > *closed_through_) ||
         !restatement_->check_published(day, recompute_reach(windows_));
}

bool Recomputation::has_all_bars(LakeDay day, Position end) const {
  if (!has_log_ || end == 0) return true;
  return judged_ >= end && restatement_ && restatement_->check_published(day, Duration::zero());
}

}  // namespace tidemark
