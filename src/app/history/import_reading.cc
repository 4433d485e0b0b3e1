#include "app/history/import_reading.h"

#include <fmt/format.h>

#include <thread>
#include <vector>

#include "app/process/signals.h"
#include "app/process/tell.h"
#include "io/parquet/in_parallel.h"

namespace tidemark {

Result<void> ImportReading::run() {
  if (options_.rejects)
    if (auto opened = open_rejects(); !opened) return opened;
  std::vector<std::jthread> threads;
  start_threads(options_.threads - 1, threads, [this] { work(); });
  work();
  threads.clear();
  note_files();
  if (error_) return std::unexpected(*error_);
  if (naive_file_ && !options_.zone_is_said)
    tell_of(
        options_.verb,
        "the times of {} have no zone and are read as UTC; --time-zone America/New_York, or another one, says where "
        "they were written",
        *naive_file_);
  return rejects_ ? rejects_->finish() : Result<void>{};
}

void ImportReading::work() {
  Piece piece;
  ImportJudge judge(options_);
  while (read(piece)) {
    // Later pieces get their turn even if this one fails.
    const auto done = within_limits([&]() -> Result<void> {
      auto judged = judge.judge(piece, [&] {
        turn_.wait_for(piece.number);
        return take(piece, judge);
      });
      turn_.wait_for(piece.number);
      return judged ? take(piece, judge) : judged;
    });
    turn_.wait_for(piece.number);
    if (!done) fail(done.error());
    lines_before_ += static_cast<std::int64_t>(judge.lines);
    turn_.pass();
  }
}

bool ImportReading::read(Piece& piece) {
  const std::lock_guard lock(reading_);
  if (has_ended_ || has_failed()) return false;
  Result<bool> got = false;
  const auto done = within_limits([&]() -> Result<void> {
    got = input_.next(piece);
    return {};
  });
  if (!done) got = std::unexpected(done.error());
  if (!got) fail(got.error());
  has_ended_ = !got || !*got || stop_requested();
  piece.number = pieces_++;
  piece.of_file = static_cast<std::uint32_t>(input_.files().size()) - 1;
  return !has_ended_;
}

// Called in the order of the input.
Result<void> ImportReading::take(const Piece& piece, ImportJudge& judge) {
  if (has_failed()) return {};
  if (piece.begins_file) begin_file();
  if (account_.files.size() <= piece.of_file) account_.files.resize(piece.of_file + 1);
  FileAccount& file = account_.files[piece.of_file];
  const std::size_t count = judge.bars.rows.size() + judge.rejected.size();
  file.read += static_cast<std::int64_t>(count);
  read_ += static_cast<std::int64_t>(count);
  if (judge.naive_times > 0 && !naive_file_) naive_file_ = piece.file;
  if (judge.other_feed)
    return std::unexpected(Error::permanent(fmt::format(
        "nothing is imported, because the bar in {}, line {}, names the feed {}, and --feed says {}: leave --feed out, "
        "or import such bars into another data directory (--data)",
        piece.file, lines_before_ + judge.other_feed->position + 1, judge.other_feed->feed, *options_.feed)));
  order_.settle(judge.bars, judge.repeated);
  if (auto added = rows_.add(judge.bars, {piece.of_file, lines_before_}); !added) return added;
  series_.add(piece.of_file, judge.bars, rows_);
  if (auto taken = take_rejected(piece, judge, file); !taken) return taken;
  judge.clear();
  progress_.advance_to(static_cast<std::uint64_t>(read_), piece.share_read);
  return {};
}

Result<void> ImportReading::take_rejected(const Piece& piece, const ImportJudge& judge, FileAccount& file) {
  for (const RejectedRow& row : judge.rejected) {
    const std::int64_t line = lines_before_ + row.position + 1;
    file.reject(row.reject, line, row.record);
    if (auto opened = open_rejects(); !opened) return opened;
    append_dead_letter(row.reject, {piece.file, line}, row.record, row.bytes_in_all, rejects_->buffer());
    rejects_->buffer() += '\n';
    if (auto written = rejects_->flush_if_full(); !written) return written;
  }
  return {};
}

// Includes empty files.
void ImportReading::note_files() {
  const auto& facts = input_.files();
  account_.files.resize(facts.size());
  for (std::size_t i = 0; i < facts.size(); ++i) {
    account_.files[i].name = facts[i].name;
    account_.files[i].format = facts[i].format;
    account_.files[i].bytes = facts[i].bytes;
  }
  series_.end(account_);
}

void ImportReading::begin_file() {
  lines_before_ = 0;
  order_.begin_file();
}

Result<void> ImportReading::open_rejects() {
  if (rejects_) return {};
  auto opened = OutputFile::open(rejects_path_);
  if (!opened) return std::unexpected(opened.error());
  rejects_.emplace(std::move(*opened));
  return {};
}

bool ImportReading::has_failed() const {
  const std::lock_guard lock(failing_);
  return error_.has_value();
}
void ImportReading::fail(const Error& error) {
  const std::lock_guard lock(failing_);
  if (!error_) error_ = error;
}

}  // namespace tidemark
