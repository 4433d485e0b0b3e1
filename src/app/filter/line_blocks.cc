#include "app/filter/line_blocks.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "core/wire/decode.h"
#include "io/input/readable.h"

namespace tidemark {
namespace {

constexpr std::size_t block_size = 192 * 1024;  // more than a record: a line that fills it is a monster

std::optional<std::uint64_t> size_of(const std::vector<std::string>& files) {
  std::uint64_t bytes = 0;
  for (const std::string& file : files) {
    std::error_code unknown;
    const auto size = std::filesystem::file_size(file == "-" ? "/dev/stdin" : file, unknown);
    if (unknown) return std::nullopt;
    bytes += size;
  }
  return bytes;
}

bool is_blank_text(std::string_view text) { return text.find_first_not_of(" \t\r\n") == text.npos; }

}  // namespace

class LineBlocks::Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ != STDIN_FILENO) ::close(number_);
  }
  int number() const { return number_; }

 private:
  int number_;
};

LineBlocks::LineBlocks(std::vector<std::string> files, TranscribeOptions options, BlockFill fill)
    : files_(std::move(files)), options_(std::move(options)), fill_(fill) {
  if (files_.empty()) files_.emplace_back("-");
  bytes_in_all_ = size_of(files_);
}
LineBlocks::LineBlocks(LineBlocks&&) noexcept = default;
LineBlocks::~LineBlocks() = default;

Result<LineBlocks> LineBlocks::open(std::vector<std::string> files, TranscribeOptions options, BlockFill fill) {
  LineBlocks blocks(std::move(files), std::move(options), fill);
  for (const std::string& file : blocks.files_)  // a wrong name is told before anything is written
    if (auto readable = check_readable(file); !readable) return std::unexpected(readable.error());
  if (auto opened = blocks.open_next(); !opened) return std::unexpected(opened.error());
  return blocks;
}

Result<void> LineBlocks::open_next() {
  const std::string& file = files_[next_file_++];
  int number = STDIN_FILENO;
  if (file != "-") {
    number = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (number < 0) return std::unexpected(cannot_read(file, errno));
  }
  descriptor_ = std::make_unique<Descriptor>(number);
  source_ = ByteSource::from_descriptor(number, file == "-" ? "standard input" : file);
  begins_file_ = true;
  knows_kind_ = options_.format == BarFormat::JsonLines;
  blank_lines_ = 0;
  return {};
}

void LineBlocks::close() {
  if (transcription_)
    for (const auto& [kind, count] : transcription_->transcriber().skipped()) skipped_[kind] += count;
  transcription_.reset();
  consumed_before_ += source_->bytes_consumed();
  source_.reset();
  descriptor_.reset();
}

// Reads once behind the first `filled` bytes of the block.
Result<LineBlocks::Got> LineBlocks::fill(LineBlock& block, std::size_t& filled, int stop_descriptor) {
  for (;;) {
    auto got = source_->read_available(std::span(block.bytes).subspan(filled));
    if (!got) return std::unexpected(got.error());
    if (*got) {
      filled += **got;
      return **got == 0 ? Got::End : Got::Bytes;
    }
    std::array<pollfd, 2> waiting{pollfd{descriptor_->number(), POLLIN, 0}, pollfd{stop_descriptor, POLLIN, 0}};
    ::poll(waiting.data(), waiting.size(), -1);
    if (waiting[1].revents != 0) return Got::Stopped;
  }
}

Result<bool> LineBlocks::next(LineBlock& block, int stop_descriptor) {
  auto got = read_block(block, stop_descriptor);
  block.share_read = share_read();
  return got;
}

std::optional<double> LineBlocks::share_read() const {
  if (!bytes_in_all_ || *bytes_in_all_ == 0) return std::nullopt;
  const std::uint64_t consumed = consumed_before_ + (source_ ? source_->bytes_consumed() : 0);
  return std::min(1.0, static_cast<double>(consumed) / static_cast<double>(*bytes_in_all_));
}

Result<bool> LineBlocks::read_block(LineBlock& block, int stop_descriptor) {
  block.bytes.resize(block_size);
  block.monster.reset();
  block.origins.clear();
  for (;;) {
    if (transcription_) {
      const auto read = read_transcribed(block, stop_descriptor);
      if (!read || *read || transcription_) return read;  // a record, a stop, an error
    }
    if (!source_) {
      if (next_file_ == files_.size()) return false;
      if (auto opened = open_next(); !opened) return std::unexpected(opened.error());
    }
    block.file = files_[next_file_ - 1];
    block.begins_file = begins_file_;
    std::size_t filled = rest_.size();
    std::copy(rest_.begin(), rest_.end(), block.bytes.begin());
    rest_.clear();
    Got got = Got::Bytes;
    if (!knows_kind_) {
      const auto learned = learn_kind(block, filled, stop_descriptor);
      if (!learned) return std::unexpected(learned.error());
      got = *learned;
      if (got == Got::Stopped) return false;
      if (transcription_) continue;
    }
    // What follows a monster may hold whole lines already.
    auto last_lf = static_cast<const char*>(::memrchr(block.bytes.data(), '\n', filled));
    while (got == Got::Bytes && (last_lf == nullptr || fill_ == BlockFill::Full) && filled < block_size) {
      const std::size_t before = filled;
      const auto result = fill(block, filled, stop_descriptor);
      if (!result) return std::unexpected(result.error());
      got = *result;
      const void* const lf = ::memrchr(block.bytes.data() + before, '\n', filled - before);
      if (lf != nullptr) last_lf = static_cast<const char*>(lf);
    }
    if (got == Got::Stopped) return false;
    begins_file_ = false;
    const char* const begin = block.bytes.data();
    if (got == Got::End) {
      close();
      if (filled == 0) continue;
      block.lines = {begin, filled};
      return true;
    }
    if (last_lf == nullptr) return skip_monster(block, stop_descriptor);
    const char* const end = last_lf + 1;
    rest_.assign(end, begin + filled);
    block.lines = {begin, end};
    return true;
  }
}

// What the file holds, by what is read into the block until that is known. Blank lines tell nothing.
Result<LineBlocks::Got> LineBlocks::learn_kind(LineBlock& block, std::size_t& filled, int stop_descriptor) {
  TranscribeOptions options = options_;
  if (options.symbol_from_name && options.symbol.empty() && block.file != "-")
    options.symbol = symbol_of_file_name(block.file);
  for (Got got = Got::Bytes;;) {
    const std::string_view beginning(block.bytes.data(), filled);
    if (const auto kind = detect(beginning, got == Got::End, options)) {
      knows_kind_ = true;
      format_ = kind->format;
      if (kind->format == BarFormat::JsonLines) return got;
      transcription_.emplace(*kind, options, std::string(source_->name()), blank_lines_);
      transcription_->give(beginning);
      if (got == Got::End) transcription_->give_end();
      return got;
    }
    if (is_blank_text(beginning) && beginning.ends_with('\n')) {
      blank_lines_ += std::ranges::count(beginning, '\n');
      return got;
    }
    const auto more = fill(block, filled, stop_descriptor);
    if (!more || *more == Got::Stopped) return more;
    got = *more;
  }
}

// As many records as make a block, or as there are now: nobody waits for a full one.
Result<bool> LineBlocks::read_transcribed(LineBlock& block, int stop_descriptor) {
  block.file = files_[next_file_ - 1];
  block.text.clear();
  block.originals.clear();
  TranscribedRecord record;
  std::vector<std::size_t> ends;  // of the originals
  bool has_ended = false;
  while (block.text.size() < block_size) {
    const auto found = transcription_->next(record);
    if (!found) return std::unexpected(found.error());
    if (*found) {
      block.text += record.text;
      block.text += '\n';
      block.originals += record.original.substr(0, max_record_bytes);
      ends.push_back(block.originals.size());
      const bool is_too_long = record.original.size() > max_record_bytes;
      block.origins.push_back({block.file, record.position, {}, is_too_long ? record.original.size() : 0});
      continue;
    }
    if (has_ended || !ends.empty()) break;
    std::size_t filled = 0;
    const auto got = fill(block, filled, stop_descriptor);
    if (!got) return std::unexpected(got.error());
    if (*got == Got::Stopped) return false;
    has_ended = *got == Got::End;
    transcription_->give({block.bytes.data(), filled});
    if (has_ended) transcription_->give_end();
  }
  for (std::size_t i = 0, begin = 0; i < ends.size(); begin = ends[i++])
    block.origins[i].original = std::string_view(block.originals).substr(begin, ends[i] - begin);
  block.lines = block.text;
  block.begins_file = std::exchange(begins_file_, false);
  if (has_ended && ends.empty()) close();
  return !ends.empty();
}

// The block is full and has no line end: keeps the beginning of the line, and reads on to where it ends.
Result<bool> LineBlocks::skip_monster(LineBlock& block, int stop_descriptor) {
  std::vector<char> kept(block.bytes.begin(), block.bytes.begin() + max_record_bytes);
  bool blank = is_blank({block.bytes.data(), block.bytes.size()});
  bool ends_with_cr = block.bytes.back() == '\r';
  std::size_t bytes = block.bytes.size();
  for (;;) {
    std::size_t filled = 0;
    const auto got = fill(block, filled, stop_descriptor);
    if (!got) return std::unexpected(got.error());
    if (*got == Got::Stopped) return false;
    const char* const begin = block.bytes.data();
    const auto* const lf = static_cast<const char*>(::memchr(begin, '\n', filled));
    const std::string_view part{begin, lf ? lf : begin + filled};
    bytes += part.size();
    blank = blank && is_blank(part);
    if (!part.empty()) ends_with_cr = part.ends_with('\r');
    if (lf) rest_.assign(lf + 1, begin + filled);
    if (*got == Got::End) close();
    if (lf || *got == Got::End) break;
  }
  block.monster = LineBlock::Monster{bytes - (ends_with_cr ? 1 : 0), blank};
  std::copy(kept.begin(), kept.end(), block.bytes.begin());
  block.lines = {block.bytes.data(), kept.size()};
  return true;
}

}  // namespace tidemark
