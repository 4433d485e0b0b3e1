#include "run/roles/compaction_role.h"

#include "core/time/timestamp.h"
#include "run/interfaces/readers.h"

namespace tidemark {

Result<std::size_t> CompactionRole::do_work() {
  if (due_.empty()) {
    const EventTime now = clock_.now();
    // A clock set back must not keep it waiting.
    if (looked_at_ && now >= *looked_at_ && now - *looked_at_ < options_.every) return 0;
    if (auto looked = look(now); !looked) return std::unexpected(looked.error());
    if (due_.empty()) return 0;
  }
  const DayOfTable day = due_.front();
  const std::string name = day.table + "/dt=" + format_date(EventTime{day.day});
  const auto done = compactor_.compact(day, published_);
  if (!done && done.error().is_retryable()) return std::unexpected(done.error());
  due_.pop_front();
  if (!done) {
    failed_.insert(day);
    ++count_.failed;
    journal_.error("lake.not_compacted", {{"day", name}, {"reason", done.error().message()}});
    return 1;
  }
  if (done->files == 0) return 1;
  ++count_.days;
  count_.files += done->files;
  count_.rows += done->rows;
  journal_.info("lake.compacted", {{"day", name},
                                   {"files", std::to_string(done->files)},
                                   {"rows", std::to_string(done->rows)},
                                   {"bytes_before", std::to_string(done->bytes_before)},
                                   {"bytes_after", std::to_string(done->bytes_after)}});
  return 1;
}

Result<void> CompactionRole::look(EventTime now) {
  const auto store = log_.restore(lake_reader);
  if (!store) return std::unexpected(store.error());
  published_ = {store->position(Topic::Trends), store->position(Topic::JudgedBars)};
  const auto end = std::chrono::floor<std::chrono::days>(now - options_.after);
  auto due = compactor_.due(end, published_, options_.least_files);
  if (!due) return std::unexpected(due.error());
  for (DayOfTable& day : *due)
    if (!failed_.contains(day)) due_.push_back(std::move(day));
  looked_at_ = now;
  return {};
}

}  // namespace tidemark
