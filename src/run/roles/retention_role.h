// Retention: trims old records, or too many, from the log. What a reader needs stays, whatever the settings are.
//
//     old    everything before the first young record
//     much   the oldest bars, trends and judged bars, until the log has its maximum size
//
// It works in small steps, between which other writers may proceed.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/time/time.h"
#include "run/interfaces/clock.h"
#include "run/interfaces/journal.h"
#include "run/interfaces/log.h"
#include "run/interfaces/readers.h"

namespace tidemark {

struct RetentionOptions {
  // For bars and trends; empty: forever. The lake has them, too; this is how far back the log alone must reach.
  std::optional<Duration> keep = std::chrono::days(7);
  // For late bars and dead letters, which an operator may want to inspect and redrive. The size limit does not trim
  // them.
  std::optional<Duration> keep_rejects = std::chrono::days(90);
  std::optional<std::uint64_t> most_bytes;  // empty: no limit
  // Stores that need everything until they have committed once. The log itself keeps what readers with a position need.
  std::vector<std::string> stores{std::string(lake_reader)};
};

class RetentionRole {
 public:
  RetentionRole(Log& log, const Clock& clock, Journal& journal, const RetentionOptions& options)
      : log_(log), clock_(clock), journal_(journal), options_(options) {}

  // Trims one step of one topic. Returns the number of records; 0 = nothing is due, or a reader still needs it.
  Result<std::size_t> do_work();

  // As the last do_work() that trimmed nothing found them.
  std::uint64_t log_bytes() const { return log_bytes_; }
  bool is_too_large() const { return is_too_large_; }  // and may not be trimmed

 private:
  struct Stamp {
    Position position;
    EventTime ingested_at;
  };

  Result<Position> end_of_old(Topic topic);
  Result<std::optional<Stamp>> first_in_its_time(Topic topic, EventTime now);
  Result<bool> was_read(Topic topic);
  Result<bool> has_read(std::string_view reader, Topic topic) const;
  Result<std::size_t> trim(Topic topic, Position before);
  Result<std::size_t> make_room();
  Result<void> report_blocking_reader();

  Log& log_;
  const Clock& clock_;
  Journal& journal_;
  RetentionOptions options_;
  std::array<bool, topic_count> was_read_{};
  std::uint64_t log_bytes_ = 0;
  bool is_too_large_ = false;
};

}  // namespace tidemark
