// Retention: what is old, or too much, leaves the log; what a reader needs stays, whatever the settings say.
//
//     old    from the beginning up to the first record that is young
//     much   the oldest bars, trends and judged bars, until the log is as small as it shall be
//
// In small steps, between which everybody else may write.
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
  // Of bars and trends; none: for ever. The lake has them, too: this is how far the log must reach back by itself.
  std::optional<Duration> keep = std::chrono::days(7);
  // Of late bars and dead letters, which somebody may want to look at and feed in again; no size makes them go earlier.
  std::optional<Duration> keep_rejects = std::chrono::days(90);
  std::optional<std::uint64_t> most_bytes;  // none: as much as comes
  // Stores that will want everything until they have committed once; the log itself keeps what readers need that have.
  std::vector<std::string> stores{std::string(lake_reader)};
};

class RetentionRole {
 public:
  RetentionRole(Log& log, const Clock& clock, Journal& journal, const RetentionOptions& options)
      : log_(log), clock_(clock), journal_(journal), options_(options) {}

  // Trims one step of one topic. Returns how many records; 0 = nothing is due, or what is due is still needed.
  Result<std::size_t> do_work();

  // As the last do_work() that had nothing to trim found them.
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
  Result<void> tell_who_is_in_the_way();

  Log& log_;
  const Clock& clock_;
  Journal& journal_;
  RetentionOptions options_;
  std::array<bool, topic_count> was_read_{};
  std::uint64_t log_bytes_ = 0;
  bool is_too_large_ = false;
};

}  // namespace tidemark
