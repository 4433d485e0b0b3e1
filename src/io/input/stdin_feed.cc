// Reads what is there and never waits for more.
#include "io/input/stdin_feed.h"

#include <fmt/format.h>

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "core/wire/decode.h"
#include "io/input/line_reader.h"
#include "run/interfaces/cursor_text.h"
#include "run/interfaces/feed_board.h"

namespace tidemark {
namespace {

constexpr std::string_view stdin_cursor = "stdin1";
constexpr Duration idle_after = std::chrono::seconds(10);

class StdinFeed final : public Feed {
 public:
  StdinFeed(StdinFeedOptions options, const Clock& clock)
      : clock_(clock),
        lines_(ByteSource::from_descriptor(options.descriptor, "standard input"), options.transcribe),
        board_({.name = "stdin"}) {}

  std::string_view name() const override { return "stdin"; }

  // The cursor is only a count for people: a pipe cannot be read again.
  Result<void> open(std::optional<std::string_view> cursor) override {
    if (cursor) {
      CursorText words(*cursor);
      words.expect(stdin_cursor);
      const auto polled = words.number<std::uint64_t>();
      if (words.is_good()) polled_ = polled;
    }
    last_came_ = clock_.now();
    board_.write(FeedState::Live, "waiting for the first record");
    return {};
  }

  Result<std::optional<FeedBatch>> poll(std::size_t limit) override {
    if (ended_) return std::nullopt;
    const EventTime now = clock_.now();
    FeedBatch batch;
    const Result<void> gathered = gather(limit, now, batch.records);
    if (batch.records.empty() && !gathered) return std::unexpected(gathered.error());
    report(now, !batch.records.empty());
    if (batch.records.empty()) return std::nullopt;
    batch.cursor = fmt::format("{} {}", stdin_cursor, polled_);
    return batch;
  }

  FeedStatus status() const override { return board_.read(); }

 private:
  Result<void> gather(std::size_t limit, EventTime now, std::vector<Record>& records) {
    for (std::size_t bytes = 0; records.size() < limit && bytes < bytes_a_poll;) {
      Result<LineReader::Found> found = lines_.next_available();
      if (!found) return std::unexpected(found.error());
      if (*found == LineReader::Found::NothingYet) break;
      if (*found == LineReader::Found::End) {
        records.push_back({.kind = RecordKind::End, .ingested_at = now});
        ended_ = true;
        break;
      }
      const Decoded decoded = decoder_.decode(lines_.record());
      const Bar* bar = std::get_if<Bar>(&decoded);
      records.push_back({.key = bar != nullptr ? std::string(bar->symbol) : "",
                         .value = std::string(lines_.record()),
                         .ingested_at = now,
                         .bytes_in_all = lines_.bytes_in_all()});
      bytes += lines_.record().size();
      ++polled_;
    }
    return {};
  }

  void report(EventTime now, bool something_came) {
    if (something_came) last_came_ = now;
    if (ended_)
      board_.write(FeedState::Ended, fmt::format("{} records brought", polled_));
    else if (something_came)
      board_.write(FeedState::Live, fmt::format("{} records brought", polled_));
    else if (now - last_came_ > idle_after)
      board_.write(FeedState::Idle, "nothing has arrived for a while");
  }

  const Clock& clock_;
  LineReader lines_;
  Decoder decoder_;
  std::uint64_t polled_ = 0;
  EventTime last_came_{};
  bool ended_ = false;
  FeedBoard board_;
};

}  // namespace

std::unique_ptr<Feed> make_stdin_feed(StdinFeedOptions options, const Clock& clock) {
  return std::make_unique<StdinFeed>(options, clock);
}

}  // namespace tidemark
