#include "run/roles/store_role.h"

#include <algorithm>
#include <charconv>

#include "core/check.h"
#include "core/wire/decode.h"

namespace tidemark {
namespace {

constexpr std::string_view intent_title = "publishing";
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
  const auto intent = parse_intent(*restored->state);
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
  if (!restored->state || restored->state->empty()) return {};
  const auto intent = parse_intent(*restored->state);
  if (!intent) return std::unexpected(damaged_intent(options_.name));
  auto publication = read(*intent);
  if (!publication) return std::unexpected(publication.error());
  intended_ = std::move(*publication);
  return {};
}

Result<std::size_t> StoreRole::do_work() {
  if (intended_) return finish();
  const auto ranges = waiting();
  if (!ranges) return std::unexpected(ranges.error());
  if (ranges->size() == 0) return 0;
  const EventTime now = clock_.now();
  if (!waiting_since_) waiting_since_ = now;
  const Duration longest =
      published_once_ ? options_.longest_wait : std::min(options_.first_wait, options_.longest_wait);
  const bool full = std::max(ranges->trends.size(), ranges->bars.size()) >= options_.most_rows;
  // If the clock was set back, rows must not wait for it.
  if (!full && now >= *waiting_since_ && now - *waiting_since_ < longest) return 0;
  return publish(*ranges);
}

Result<std::size_t> StoreRole::flush() {
  if (intended_) return finish();
  const auto ranges = waiting();
  if (!ranges) return std::unexpected(ranges.error());
  return ranges->size() == 0 ? Result<std::size_t>(0) : publish(*ranges);
}

Result<StoreRole::Ranges> StoreRole::waiting() {
  const auto trends_end = log_.end(Topic::Trends);
  if (!trends_end) return std::unexpected(trends_end.error());
  const auto bars_end = log_.end(Topic::JudgedBars);
  if (!bars_end) return std::unexpected(bars_end.error());
  const auto most = static_cast<Position>(options_.most_rows);
  return Ranges{{trends_, std::min(*trends_end, trends_ + most)}, {bars_, std::min(*bars_end, bars_ + most)}};
}

Result<std::size_t> StoreRole::publish(const Ranges& ranges) {
  auto publication = read(ranges);
  if (!publication) return std::unexpected(publication.error());
  Commit intent;
  intent.reader = options_.name;
  intent.state = describe(ranges, store_.files(*publication));
  if (auto done = log_.commit(intent); !done) return std::unexpected(done.error());
  intended_ = std::move(*publication);
  return finish();
}

// The intent is durable. Makes the files, then commits that they are made.
Result<std::size_t> StoreRole::finish() {
  if (auto done = store_.publish(*intended_); !done) return std::unexpected(done.error());
  Commit commit;
  commit.reader = options_.name;
  commit.positions = {{Topic::Trends, intended_->trends_to}, {Topic::JudgedBars, intended_->bars_to}};
  commit.state = std::string{};
  if (auto done = log_.commit(commit); !done) return std::unexpected(done.error());
  trends_ = intended_->trends_to;
  bars_ = intended_->bars_to;
  const std::size_t rows = intended_->trends.size() + intended_->bars.size();
  intended_.reset();
  waiting_since_.reset();
  published_once_ = true;
  return rows;
}

Result<Publication> StoreRole::read(const Ranges& ranges) {
  Publication publication{ranges.trends.from, ranges.trends.to, ranges.bars.from, ranges.bars.to, {}, {}};
  // An intent may be damaged, so its ranges alone reserve nothing.
  publication.trends.reserve(std::min(ranges.trends.size(), options_.most_rows));
  publication.bars.reserve(std::min(ranges.bars.size(), options_.most_rows));
  auto trends = read_range(log_, Topic::Trends, ranges.trends.from, ranges.trends.to, [&](const Batch::View& record) {
    auto trend = decode_trend(record.value);
    if (trend && trend->status == TrendStatus::Final) publication.trends.push_back(std::move(*trend));
    return trend.has_value();
  });
  if (!trends) return std::unexpected(trends.error());
  auto bars = read_range(log_, Topic::JudgedBars, ranges.bars.from, ranges.bars.to, [&](const Batch::View& record) {
    auto bar = decode_judged_bar(record.value);
    if (bar) publication.bars.push_back(std::move(*bar));
    return bar.has_value();
  });
  if (!bars) return std::unexpected(bars.error());
  return publication;
}

// Four offsets on the first line for the program, the file names below for people.
std::string StoreRole::describe(const Ranges& ranges, const std::vector<std::string>& files) {
  std::string text(intent_title);
  for (const Position offset : {ranges.trends.from, ranges.trends.to, ranges.bars.from, ranges.bars.to})
    text += ' ' + std::to_string(offset);
  for (const std::string& file : files) text += '\n' + file;
  return text;
}

std::optional<StoreRole::Ranges> StoreRole::parse_intent(std::string_view intent) {
  if (!intent.starts_with(intent_title)) return std::nullopt;
  intent.remove_prefix(intent_title.size());
  Ranges ranges;
  for (Position* const offset : {&ranges.trends.from, &ranges.trends.to, &ranges.bars.from, &ranges.bars.to}) {
    if (!intent.starts_with(' ')) return std::nullopt;
    const auto [rest, error] = std::from_chars(intent.data() + 1, intent.data() + intent.size(), *offset);
    if (error != std::errc{} || *offset < 0) return std::nullopt;
    intent.remove_prefix(static_cast<std::size_t>(rest - intent.data()));
  }
  if (ranges.trends.to < ranges.trends.from || ranges.bars.to < ranges.bars.from) return std::nullopt;
  return ranges;
}

}  // namespace tidemark
