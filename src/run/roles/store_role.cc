#include "run/roles/store_role.h"

#include <algorithm>

#include "core/check.h"
#include "core/wire/decode.h"

namespace tidemark {
namespace {

constexpr std::size_t rows_a_read = 4'096;  // per poll; all of them become rows before the next poll

Error damaged_row(Topic topic, Position position) {
  return Error::permanent("the log is damaged: offset " + std::to_string(position) + " of " +
                          std::string(to_string(topic)) + " cannot be read back");
}

Error damaged_intent(std::string_view reader) {
  return Error::permanent("the state of the reader \"" + std::string(reader) + "\" in the log is damaged");
}

// Reads [from, to) of a topic and passes each record to `take`. Stops at the first error.
template <typename Take>
Result<void> read_range(Log& log, Topic topic, Position from, Position to, Take take) {
  // A log with gaps may have to wait for records: asking for its end first keeps it from looking damaged.
  if (!log.is_dense())
    if (const auto end = log.end(topic); !end) return std::unexpected(end.error());
  while (from < to) {
    const auto batch = log.poll(topic, from, std::min(rows_a_read, static_cast<std::size_t>(to - from)));
    if (!batch) return std::unexpected(batch.error());
    if (batch->next_position() == from || (log.is_dense() && (*batch)[0].position != from))
      return std::unexpected(damaged_row(topic, from));
    for (std::size_t i = 0; i < batch->size() && (*batch)[i].position < to; ++i)
      if (!take((*batch)[i])) return std::unexpected(damaged_row(topic, (*batch)[i].position));
    from = batch->next_position();
  }
  return {};
}

}  // namespace

StoreRole::StoreRole(Log& log, Store& store, const Clock& clock, const StoreRoleOptions& options)
    : log_(log), store_(store), clock_(clock), options_(options) {
  CHECK(is_store_name(options_.name));
}

Result<StoreRole::PublishedRows> StoreRole::published_rows(Log& log, std::string_view name) {
  const auto restored = log.restore(name);
  if (!restored) return std::unexpected(restored.error());
  PublishedRows rows;
  for (const auto& [topic, published] :
       {std::pair(Topic::Trends, &rows.trends), std::pair(Topic::JudgedBars, &rows.bars)}) {
    const auto begin = log.begin(topic);
    if (!begin) return std::unexpected(begin.error());
    published->position = restored->positions.empty() ? *begin : restored->position(topic);
    published->intended = published->position;
  }
  if (!restored->state || restored->state->empty()) return rows;
  const auto intent = StoreIntent::parse(*restored->state);
  if (!intent) return std::unexpected(damaged_intent(name));
  rows.trends.intended = intent->trends.to;
  rows.bars.intended = intent->bars.to;
  return rows;
}

Result<void> StoreRole::open() {
  const auto restored = log_.restore(options_.name);
  if (!restored) return std::unexpected(restored.error());
  for (const auto& [topic, place] : {std::pair(Topic::Trends, &trends_), std::pair(Topic::JudgedBars, &bars_)}) {
    const auto begin = log_.begin(topic);
    if (!begin) return std::unexpected(begin.error());
    // A new log need not begin at 0.
    *place = restored->positions.empty() ? *begin : restored->position(topic);
    if (*place < *begin) return std::unexpected(damaged_row(topic, *place));
  }
  if (!restored->state || restored->state->empty()) {
    // An older program has published, and did not say what.
    if (!restored->positions.empty()) through_ = std::nullopt;
    return {};
  }
  auto intent = StoreIntent::parse(*restored->state);
  if (!intent) return std::unexpected(damaged_intent(options_.name));
  through_ = intent->through;
  if (intent->size() == 0) return {};
  auto rows = read(*intent);
  if (!rows) return std::unexpected(rows.error());
  intended_ = {std::move(*intent), std::move(rows->publication)};
  return {};
}

Result<std::size_t> StoreRole::do_work() {
  if (intended_) return finish();
  auto ranges = waiting();
  if (!ranges) return std::unexpected(ranges.error());
  if (ranges->size() == 0) return 0;
  const EventTime now = clock_.now();
  if (!waiting_since_) waiting_since_ = now;
  const Duration longest =
      published_once_ ? options_.longest_wait : std::min(options_.first_wait, options_.longest_wait);
  const bool full = std::max(ranges->trends.size(), ranges->bars.size()) >= options_.most_rows;
  // If the clock was set back, rows must not wait for it.
  if (!full && now >= *waiting_since_ && now - *waiting_since_ < longest) return 0;
  return publish(std::move(*ranges));
}

Result<std::size_t> StoreRole::flush() {
  if (intended_) return finish();
  auto ranges = waiting();
  if (!ranges) return std::unexpected(ranges.error());
  return ranges->size() == 0 ? Result<std::size_t>(0) : publish(std::move(*ranges));
}

Result<StoreIntent> StoreRole::waiting() {
  const auto trends_end = log_.end(Topic::Trends);
  if (!trends_end) return std::unexpected(trends_end.error());
  const auto bars_end = log_.end(Topic::JudgedBars);
  if (!bars_end) return std::unexpected(bars_end.error());
  const auto most = static_cast<Position>(options_.most_rows);
  StoreIntent intent;
  intent.trends = {trends_, std::min(*trends_end, trends_ + most)};
  intent.bars = {bars_, std::min(*bars_end, bars_ + most)};
  intent.through = through_;
  return intent;
}

Result<std::size_t> StoreRole::publish(StoreIntent intent) {
  auto rows = read(intent);
  if (!rows) return std::unexpected(rows.error());
  if (auto done = leave_out_repeated(store_, *rows, intent); !done) return std::unexpected(done.error());
  Commit commit;
  commit.reader = options_.name;
  commit.state = intent.text(store_.files(rows->publication));
  if (auto done = log_.commit(commit); !done) return std::unexpected(done.error());
  intended_ = {std::move(intent), std::move(rows->publication)};
  return finish();
}

// The intent is durable. Makes the files, then commits that they are made.
Result<std::size_t> StoreRole::finish() {
  const StoreIntent& intent = intended_->intent;
  const Publication& rows = intended_->publication;
  if (auto done = store_.publish(rows); !done) return std::unexpected(done.error());
  StoreIntent published;
  published.trends = {intent.trends.to, intent.trends.to};
  published.bars = {intent.bars.to, intent.bars.to};
  published.through = intent.through;
  Commit commit;
  commit.reader = options_.name;
  commit.positions = {{Topic::Trends, intent.trends.to}, {Topic::JudgedBars, intent.bars.to}};
  commit.state = published.text({});
  if (auto done = log_.commit(commit); !done) return std::unexpected(done.error());
  trends_ = intent.trends.to;
  bars_ = intent.bars.to;
  through_ = std::move(published.through);
  counts_.published += rows.trends.size() + rows.bars.size();
  counts_.repeated_trends += intent.repeated_trends.size();
  counts_.repeated_bars += intent.repeated_bars.size();
  const std::size_t done_with = intent.size();
  intended_.reset();
  waiting_since_.reset();
  published_once_ = true;
  return done_with;
}

Result<RowsOfLog> StoreRole::read(const StoreIntent& intent) {
  RowsOfLog rows;
  Publication& publication = rows.publication;
  publication = {intent.trends.from, intent.trends.to, intent.bars.from, intent.bars.to, {}, {}};
  // An intent may be damaged, so its ranges alone reserve nothing.
  publication.trends.reserve(std::min(intent.trends.size(), options_.most_rows));
  publication.bars.reserve(std::min(intent.bars.size(), options_.most_rows));
  const auto is_repeated = [](const std::vector<Position>& repeated, Position position) {
    return !repeated.empty() && std::ranges::binary_search(repeated, position);
  };
  auto trends = read_range(log_, Topic::Trends, intent.trends.from, intent.trends.to, [&](const Batch::View& record) {
    auto trend = decode_trend(record.value);
    if (trend && trend->status == TrendStatus::Final && !is_repeated(intent.repeated_trends, record.position)) {
      publication.trends.push_back(std::move(*trend));
      rows.trends_at.push_back(record.position);
    }
    return trend.has_value();
  });
  if (!trends) return std::unexpected(trends.error());
  auto bars = read_range(log_, Topic::JudgedBars, intent.bars.from, intent.bars.to, [&](const Batch::View& record) {
    auto bar = decode_judged_bar(record.value);
    if (bar && !is_repeated(intent.repeated_bars, record.position)) {
      publication.bars.push_back(std::move(*bar));
      rows.bars_at.push_back(record.position);
    }
    return bar.has_value();
  });
  if (!bars) return std::unexpected(bars.error());
  return rows;
}

}  // namespace tidemark
