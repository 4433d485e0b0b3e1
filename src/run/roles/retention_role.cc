#include "run/roles/retention_role.h"

#include <algorithm>
#include <span>
#include <string>
#include <vector>

namespace tidemark {
namespace {

constexpr std::size_t records_a_step = 10'000;  // looked at in a step

// Who reads a topic on. Until this reader has committed, it will want everything. Empty: nobody does.
std::string_view reader_of(Topic topic) {
  switch (topic) {
    case Topic::Bars:
      return "analyze";
    case Topic::Trends:
    case Topic::JudgedBars:
      return "store";
    case Topic::LateBars:
    case Topic::DeadLetters:
      break;
  }
  return "";
}

constexpr std::array read_on = {Topic::Bars, Topic::Trends, Topic::JudgedBars};
constexpr std::array rejects = {Topic::LateBars, Topic::DeadLetters};

}  // namespace

Result<std::size_t> RetentionRole::do_work() {
  for (const auto topics : {std::span<const Topic>(read_on), std::span<const Topic>(rejects)})
    for (const Topic topic : topics) {
      const auto old = end_of_old(topic);
      if (!old) return std::unexpected(old.error());
      const auto trimmed = trim(topic, *old);
      if (!trimmed || *trimmed > 0) return trimmed;
    }
  return make_room();
}

// Where the records end that are older than they shall become, as far as one step looks. A young record keeps all that
// came after it, so a clock that is set back makes nothing go early.
Result<Position> RetentionRole::end_of_old(Topic topic) {
  const auto begin = log_.begin(topic);
  const auto& keep = reader_of(topic).empty() ? options_.keep_rejects : options_.keep;
  if (!begin || !keep) return begin;
  const EventTime now = clock_.now();
  const EventTime cutoff = now - *keep;
  const auto first = first_in_its_time(topic, now);
  if (!first) return std::unexpected(first.error());
  if (!*first || (*first)->ingested_at >= cutoff) return begin;
  const auto batch = log_.poll(topic, (*first)->position, records_a_step);
  if (!batch) return std::unexpected(batch.error());
  std::size_t old = 0;
  while (old < batch->size() && (*batch)[old].ingested_at < cutoff) ++old;
  return old == 0 ? *begin : (*batch)[old - 1].position + 1;
}

// Records from the future do not say how old they are: the clock was ahead when they came. They are at least as old as
// the next one that came in its time.
Result<std::optional<RetentionRole::Stamp>> RetentionRole::first_in_its_time(Topic topic, EventTime now) {
  const auto begin = log_.begin(topic), end = log_.end(topic);
  if (!begin) return std::unexpected(begin.error());
  if (!end) return std::unexpected(end.error());
  for (Position at = *begin, stride = 1; at < *end; stride *= 2) {
    const auto batch = log_.poll(topic, at, 1);
    if (!batch) return std::unexpected(batch.error());
    if (batch->empty()) break;
    if ((*batch)[0].ingested_at <= now) return Stamp{(*batch)[0].position, (*batch)[0].ingested_at};
    at = at == *end - 1 ? *end : std::min(at + stride, *end - 1);
  }
  return std::nullopt;
}

Result<bool> RetentionRole::was_read(Topic topic) {
  bool& was_read = was_read_[static_cast<std::size_t>(topic)];
  if (was_read || reader_of(topic).empty()) return true;
  const auto state = log_.restore(reader_of(topic));
  if (!state) return std::unexpected(state.error());
  was_read = std::ranges::any_of(state->positions, [&](const auto& each) { return each.first == topic; });
  return was_read;
}

Result<std::size_t> RetentionRole::trim(Topic topic, Position before) {
  const auto begin = log_.begin(topic);
  if (!begin) return std::unexpected(begin.error());
  if (before <= *begin) return 0;
  const auto read = was_read(topic);
  if (!read) return std::unexpected(read.error());
  if (!*read) return 0;
  const auto reached = log_.trim(topic, before);
  if (!reached) return std::unexpected(reached.error());
  return static_cast<std::size_t>(*reached - *begin);
}

// Takes what came first; where a reader still needs that, what came next.
Result<std::size_t> RetentionRole::make_room() {
  const auto bytes = log_.bytes();
  if (!bytes) return std::unexpected(bytes.error());
  log_bytes_ = *bytes;
  if (!options_.most_bytes || log_bytes_ <= *options_.most_bytes) {
    if (is_too_large_) journal_.info("log.small_again", {{"bytes", std::to_string(log_bytes_)}});
    is_too_large_ = false;
    return 0;
  }
  std::vector<std::pair<EventTime, Topic>> oldest;
  for (const Topic topic : read_on) {
    const auto head = log_.poll(topic, 0, 1);
    if (!head) return std::unexpected(head.error());
    if (!head->empty()) oldest.emplace_back((*head)[0].ingested_at, topic);
  }
  std::ranges::sort(oldest);
  for (const auto& [time, topic] : oldest) {
    const auto begin = log_.begin(topic);
    if (!begin) return std::unexpected(begin.error());
    const auto trimmed = trim(topic, *begin + static_cast<Position>(records_a_step));
    if (!trimmed || *trimmed > 0) return trimmed;
  }
  if (!is_too_large_)
    if (auto told = tell_who_is_in_the_way(); !told) return std::unexpected(told.error());
  is_too_large_ = true;
  return 0;
}

// The one that keeps most records, or nobody: then it is rejects, which only age removes, and what readers know.
Result<void> RetentionRole::tell_who_is_in_the_way() {
  Position most = 0;
  std::string reader = "nobody", of = "late bars, dead letters and state";
  for (const Topic topic : read_on) {
    const auto begin = log_.begin(topic), end = log_.end(topic);
    if (!begin) return std::unexpected(begin.error());
    if (!end) return std::unexpected(end.error());
    if (*end - *begin <= most) continue;
    most = *end - *begin;
    reader = reader_of(topic);
    of = to_string(topic);
  }
  journal_.warning("log.too_large", {{"bytes", std::to_string(log_bytes_)},
                                     {"keep_log_size", std::to_string(*options_.most_bytes)},
                                     {"needed_by", reader},
                                     {"of", of},
                                     {"records", std::to_string(most)}});
  return {};
}

}  // namespace tidemark
