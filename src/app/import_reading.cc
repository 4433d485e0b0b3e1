#include "app/import_reading.h"

#include <fmt/format.h>

#include <cstdio>
#include <thread>
#include <vector>

#include "app/signals.h"

namespace tidemark {

Result<void> ImportReading::run() {
  if (options_.rejects)
    if (auto opened = open_rejects(); !opened) return opened;
  std::vector<std::jthread> threads;
  for (std::size_t i = 1; i < options_.threads; ++i) threads.emplace_back([this] { work(); });
  work();
  threads.clear();
  if (error_) return std::unexpected(*error_);
  if (naive_file_ && !options_.zone_is_said)
    fmt::print(
        stderr,
        "tidemark {}: the times of {} have no zone and are read as UTC; --time-zone America/New_York, or another "
        "one, says where they were written\n",
        options_.verb, *naive_file_);
  return rejects_ ? rejects_->finish() : Result<void>{};
}

void ImportReading::work() {
  ImportPiece piece;
  ImportJudge judge(options_);
  std::uint64_t number = 0;
  while (read(piece, number)) {
    auto done = judge.judge(piece, [&] {
      turn_.wait_for(number);
      return take(piece, judge);
    });
    turn_.wait_for(number);
    if (done) done = take(piece, judge);
    if (!done) fail(done.error());
    lines_before_ += static_cast<std::int64_t>(judge.lines);
    turn_.pass();
  }
}

bool ImportReading::read(ImportPiece& piece, std::uint64_t& number) {
  const std::lock_guard lock(reading_);
  if (has_ended_ || has_failed()) return false;
  const auto got = input_.next(piece);
  if (!got) fail(got.error());
  has_ended_ = !got || !*got || stop_requested();
  number = pieces_++;
  return !has_ended_;
}

// In turn.
Result<void> ImportReading::take(const ImportPiece& piece, ImportJudge& judge) {
  if (has_failed()) return {};
  if (piece.begins_file) begin_file();
  account_.read += static_cast<std::int64_t>(judge.bars.rows.size() + judge.rejected.size());
  if (judge.naive_times > 0 && !naive_file_) naive_file_ = piece.file;
  order_.settle(judge.bars, judge.repeated);
  auto added = rows_.add(judge.bars);
  if (!added) return added;
  for (const RejectedRow& row : judge.rejected) {
    ++account_.rejected[row.reject.reason];
    if (auto opened = open_rejects(); !opened) return opened;
    append_dead_letter(row.reject, {piece.file, lines_before_ + row.position + 1}, row.record, row.bytes_in_all,
                       rejects_->buffer());
    rejects_->buffer() += '\n';
    if (auto written = rejects_->flush_if_full(); !written) return written;
  }
  judge.clear();
  progress_.advance_to(static_cast<std::uint64_t>(account_.read), piece.share_read);
  return {};
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
