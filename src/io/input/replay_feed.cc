// Merges and paces the files, and finds the position again after a restart.
#include "io/input/replay_feed.h"

#include <fmt/format.h>

#include <chrono>
#include <utility>

#include "core/check.h"
#include "core/time/timestamp.h"
#include "io/input/pace.h"
#include "io/input/replay_records.h"
#include "run/interfaces/cursor_text.h"
#include "run/interfaces/feed_board.h"

namespace tidemark {
namespace {

constexpr std::string_view replay_cursor = "replay1";
constexpr Duration longest_pause = std::chrono::minutes(30);
constexpr std::size_t skipped_a_poll = 50'000;  // some tens of milliseconds: keeps the caller responsive

// Different inputs need different cursors. The name has a readable part, and a hash over all file names. Sorted input,
// or input read as another format, counts as a different input.
std::string name_of(const ReplayFeedOptions& options) {
  std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a
  const auto add = [&](std::string_view text) {
    for (const char letter : text) hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001b3;
  };
  for (const std::string& file : options.files) add(file + '\0');
  if (options.sort) add("sorted");
  if (options.transcribe.format != BarFormat::Auto) add(to_string(options.transcribe.format));
  if (options.transcribe.symbol_from_name) add("symbol-from-name");
  const std::string more = options.files.size() > 1 ? fmt::format(" and {} more", options.files.size() - 1) : "";
  return fmt::format("replay {:016x} {}{}", hash, options.files.front(), more);
}

class ReplayFeed final : public Feed {
 public:
  ReplayFeed(ReplayFeedOptions options, const Clock& clock)
      : options_(std::move(options)),
        clock_(clock),
        name_(name_of(options_)),
        pace_(options_.speed, Lag::Forget),
        board_({.name = "replay", .speed = options_.speed}) {
    CHECK(!options_.files.empty());
    CHECK(!options_.speed || *options_.speed > 0);
  }

  std::string_view name() const override { return name_; }

  Result<void> open(std::optional<std::string_view> cursor) override {
    std::vector<ReplayFile> files;
    for (const std::string& file : options_.files) {
      Result<ByteSource> source = ByteSource::open(file);
      if (!source) return std::unexpected(source.error());
      files.emplace_back(std::move(*source), options_.transcribe);
    }
    records_ =
        options_.sort ? sorted_by_time(std::move(files), options_.sort_memory_bytes) : merged_by_time(std::move(files));
    polled_ = to_skip_ = 0;
    ended_ = is_paced_ = false;
    if (cursor)
      if (auto restored = restore(*cursor); !restored) return restored;
    report();
    return {};
  }

  Result<std::optional<FeedBatch>> poll(std::size_t limit) override {
    CHECK(records_ != nullptr);
    if (ended_) return std::nullopt;
    if (to_skip_ > 0) {
      if (auto skipped = skip(); !skipped) return std::unexpected(skipped.error());
      if (to_skip_ > 0) return std::nullopt;
    }
    FeedBatch batch;
    const Result<void> gathered = gather(limit, batch.records);
    // Reported only once the records before it are durable: the next poll meets the error again.
    if (batch.records.empty() && !gathered) return std::unexpected(gathered.error());
    if (batch.records.empty()) {
      if (records_->being_sorted() > 0) report();
      return std::nullopt;
    }
    batch.cursor = cursor();
    report();
    return batch;
  }

  FeedStatus status() const override { return board_.read(); }

 private:
  Result<void> gather(std::size_t limit, std::vector<Record>& records) {
    const EventTime now = clock_.now();
    for (std::size_t bytes = 0; records.size() < limit && bytes < bytes_a_poll;) {
      Result<LineReader::Found> found = records_->find();
      if (!found) return std::unexpected(found.error());
      if (*found == LineReader::Found::NothingYet) break;
      if (*found == LineReader::Found::End) {
        records.push_back({.kind = RecordKind::End, .ingested_at = now});
        ended_ = true;
        break;
      }
      const std::optional<EventTime> time = records_->time();
      if (!is_due(time, now)) break;
      records.push_back(records_->record(now));
      bytes += records.back().value.size();
      take(time);
    }
    return {};
  }

  bool is_due(std::optional<EventTime> time, EventTime now) {
    if (!time) return true;
    if (!is_paced_ || (last_time_ && *time - *last_time_ > longest_pause)) {
      pace_.begin(*time, now);
      is_paced_ = true;
    }
    return pace_.is_due(*time, now);
  }

  void take(std::optional<EventTime> time) {
    records_->take();
    ++polled_;
    if (time) last_time_ = std::max(last_time_.value_or(*time), *time);
  }

  // Reads records again that are already durable.
  Result<void> skip() {
    for (std::size_t count = 0; to_skip_ > 0 && count < skipped_a_poll; ++count) {
      Result<LineReader::Found> found = records_->find();
      if (!found) return std::unexpected(found.error());
      if (*found == LineReader::Found::NothingYet) break;
      if (*found == LineReader::Found::End) return std::unexpected(changed(options_.files.front()));
      take(records_->time());
      --to_skip_;
    }
    report();
    return {};
  }

  std::string cursor() const {
    std::string text = fmt::format("{} {} {}", replay_cursor, polled_, ended_ ? 1 : 0);
    for (const ReplayFile& file : records_->files())
      fmt::format_to(std::back_inserter(text), " {}", file.source().size().value_or(0));
    return text;
  }

  Result<void> restore(std::string_view cursor) {
    CursorText words(cursor);
    words.expect(replay_cursor);
    to_skip_ = words.number<std::uint64_t>();
    ended_ = words.number<int>() == 1;
    for (const ReplayFile& file : records_->files()) {
      const auto size = words.number<std::uint64_t>();
      if (words.is_good() && size != file.source().size().value_or(0))
        return std::unexpected(changed(file.source().name()));
    }
    if (!words.is_good() || !words.rest().empty())
      return std::unexpected(
          Error::setup("the replay's cursor cannot be read; another version wrote this data directory"));
    if (ended_) polled_ = std::exchange(to_skip_, 0);
    return {};
  }

  static Error changed(const std::string& file) {
    return Error::setup(
        fmt::format("{} has changed since its replay began; use another directory (--data) for another replay", file));
  }

  void report() {
    if (ended_) return board_.write(FeedState::Ended, fmt::format("all {} records brought{}", polled_, skipped()));
    if (const std::uint64_t read = records_->being_sorted(); read > 0)
      return board_.write(FeedState::Connecting, fmt::format("sorting by time: {} records read", read));
    if (to_skip_ > 0)
      return board_.write(FeedState::Connecting,
                          fmt::format("finding the position where it stopped: {} records to go", to_skip_));
    const std::string at = last_time_ ? ", market time " + format_timestamp(*last_time_) : "";
    board_.write(FeedState::Live, fmt::format("{} records, {} %{}", polled_, percent(), at));
  }

  // Of transcribed files.
  std::string skipped() const {
    std::int64_t count = 0;
    for (const ReplayFile& file : records_->files()) count += file.skipped();
    return count == 0 ? "" : fmt::format(", {} messages skipped that are no bars", count);
  }

  std::uint64_t percent() const {
    std::uint64_t consumed = 0, in_all = 0;
    for (const ReplayFile& file : records_->files()) {
      consumed += file.source().bytes_consumed();
      in_all += file.source().size().value_or(0);
    }
    return in_all == 0 ? 0 : 100 * consumed / in_all;
  }

  ReplayFeedOptions options_;
  const Clock& clock_;
  std::string name_;
  std::unique_ptr<ReplayRecords> records_;
  std::uint64_t polled_ = 0;   // records since the replay first began
  std::uint64_t to_skip_ = 0;  // records that are durable and must be read again
  bool ended_ = false;
  Pace pace_;
  bool is_paced_ = false;
  std::optional<EventTime> last_time_;
  FeedBoard board_;
};

}  // namespace

std::unique_ptr<Feed> make_replay_feed(ReplayFeedOptions options, const Clock& clock) {
  return std::make_unique<ReplayFeed>(std::move(options), clock);
}

}  // namespace tidemark
