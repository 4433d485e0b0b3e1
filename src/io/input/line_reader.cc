// Assembles lines from blocks.
#include "io/input/line_reader.h"

#include <algorithm>
#include <utility>

#include "core/wire/decode.h"

namespace tidemark {
namespace {

constexpr std::size_t block_bytes = 64 * 1024;
constexpr std::size_t kept_bytes = max_record_bytes + 1;

}  // namespace

LineReader::LineReader(ByteSource source, TranscribeOptions options)
    : source_(std::move(source)),
      options_(std::move(options)),
      knows_kind_(options_.format == BarFormat::JsonLines),
      block_(block_bytes) {
  if (options_.symbol_from_name && options_.symbol.empty()) options_.symbol = symbol_of_file_name(source_.name());
}

Result<LineReader::Found> LineReader::next() {
  return find([this]() -> Result<std::optional<std::size_t>> { return source_.read(block_); });
}

Result<LineReader::Found> LineReader::next_available() {
  return find([this] { return source_.read_available(block_); });
}

template <typename Refill>
Result<LineReader::Found> LineReader::find(Refill refill) {
  while (!knows_kind_) {
    Result<std::optional<std::size_t>> got = refill();
    if (!got) return std::unexpected(got.error());
    if (!*got) return Found::NothingYet;
    beginning_.append(block_.data(), **got);
    ended_ = **got == 0;
    knows_kind_ = learn_kind();
  }
  if (transcription_) return find_transcribed(refill);
  for (;;) {
    const std::size_t line_end = rest_.find('\n');
    take(rest_.substr(0, line_end));
    if (line_end != std::string_view::npos) {
      rest_.remove_prefix(line_end + 1);
      if (finish_line()) return Found::Record;
      continue;
    }
    rest_ = {};
    if (ended_) return finish_line() ? Found::Record : Found::End;  // the last line needs no LF
    Result<std::optional<std::size_t>> got = refill();
    if (!got) return std::unexpected(got.error());
    if (!*got) return Found::NothingYet;
    rest_ = std::string_view(block_.data(), **got);
    ended_ = rest_.empty();
  }
}

// Detects what the source holds by its beginning. False: more of it is needed.
bool LineReader::learn_kind() {
  const auto kind = detect(beginning_, ended_, options_);
  if (!kind) {
    const bool is_all_blank = beginning_.find_first_not_of(" \t\r\n") == beginning_.npos;
    if (is_all_blank) beginning_.erase(0, beginning_.rfind('\n') + 1);  // blank lines do not count
    return false;
  }
  if (kind->format == BarFormat::JsonLines) {
    rest_ = beginning_;
    return true;
  }
  transcription_.emplace(*kind, options_, source_.name());
  transcription_->give(beginning_);
  if (ended_) transcription_->give_end();
  return true;
}

template <typename Refill>
Result<LineReader::Found> LineReader::find_transcribed(Refill refill) {
  for (TranscribedRecord transcribed;;) {
    const auto found = transcription_->next(transcribed);
    if (!found) return std::unexpected(found.error());
    if (*found) {
      record_.assign(transcribed.text);
      record_bytes_ = std::max(record_.size(), record_.size() < kept_bytes ? 0 : transcribed.original.size());
      return Found::Record;
    }
    if (ended_) return Found::End;
    Result<std::optional<std::size_t>> got = refill();
    if (!got) return std::unexpected(got.error());
    if (!*got) return Found::NothingYet;
    ended_ = **got == 0;
    transcription_->give({block_.data(), **got});
    if (ended_) transcription_->give_end();
  }
}

void LineReader::take(std::string_view part) {
  if (part.empty()) return;
  line_.append(part.substr(0, kept_bytes - line_.size()));
  line_bytes_ += part.size();
  last_byte_ = part.back();
  only_blanks_ = only_blanks_ && is_blank(part);
}

// True if the line was a record, which record_ then holds.
bool LineReader::finish_line() {
  const std::size_t bytes = line_bytes_ > 0 && last_byte_ == '\r' ? line_bytes_ - 1 : line_bytes_;
  const bool blank = only_blanks_;
  line_.resize(std::min(bytes, line_.size()));
  record_.swap(line_);
  record_bytes_ = bytes;
  line_.clear();
  line_bytes_ = 0;
  only_blanks_ = true;
  return !blank;
}

}  // namespace tidemark
