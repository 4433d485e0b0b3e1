#include "app/filter/filter_input.h"

#include <cstring>
#include <optional>
#include <utility>

#include "app/process/progress.h"
#include "app/process/signals.h"
#include "core/time/time.h"
#include "core/wire/decode.h"
#include "io/input/record_sorter.h"

namespace tidemark {
namespace {

class AsTheyCome final : public BlockInput {
 public:
  explicit AsTheyCome(LineBlocks lines) : lines_(std::move(lines)) {}
  Result<bool> next(LineBlock& block, int stop_descriptor) override { return lines_.next(block, stop_descriptor); }
  const std::map<std::string, std::int64_t, std::less<>>& skipped() const override { return lines_.skipped(); }

 private:
  LineBlocks lines_;
};

// Reads the whole input before it returns the first block. A record without a time stays after its predecessor in the
// file.
class InOrderOfTime final : public BlockInput {
 public:
  InOrderOfTime(LineBlocks lines, std::uint64_t memory_bytes, std::vector<std::string> files)
      : lines_(std::move(lines)), sorter_(memory_bytes), files_(std::move(files)) {
    if (files_.empty()) files_.emplace_back("-");
  }

  Result<bool> next(LineBlock& block, int stop_descriptor) override {
    if (!is_sorted_) {
      const auto read = read_all(stop_descriptor);
      if (!read || !*read) return read;
    }
    return write_block(block);
  }
  const std::map<std::string, std::int64_t, std::less<>>& skipped() const override { return lines_.skipped(); }

 private:
  Result<bool> read_all(int stop_descriptor) {
    LineBlock block;
    for (;;) {
      const auto got = lines_.next(block, stop_descriptor);
      if (!got) return std::unexpected(got.error());
      if (stop_requested()) return false;
      if (!*got) break;
      if (auto added = add(block); !added) return std::unexpected(added.error());
      progress_->advance_to(records_, block.share_read, "sorting");
    }
    progress_.reset();
    if (auto ended = sorter_.end(); !ended) return std::unexpected(ended.error());
    is_sorted_ = true;
    return true;
  }

  Result<void> add(const LineBlock& block) {
    if (block.begins_file) {
      while (files_[file_] != block.file || !has_begun_) {  // an empty file has no block
        if (has_begun_) ++file_;
        has_begun_ = true;
        if (files_[file_] == block.file) break;
      }
      lines_before_ = 0;
      time_.reset();
    }
    if (block.overlong) {
      ++lines_before_;
      if (block.overlong->is_blank) return {};
      return add_record(block.lines, {}, lines_before_, block.overlong->bytes_in_all);
    }
    const char* p = block.lines.data();
    const char* const end = p + block.lines.size();
    for (std::size_t number = 0; p != end; ++number) {
      const auto* const lf = static_cast<const char*>(std::memchr(p, '\n', static_cast<std::size_t>(end - p)));
      std::string_view record{p, lf ? lf : end};
      p = lf ? lf + 1 : end;
      ++lines_before_;
      const bool has_origin = !block.origins.empty();
      if (!has_origin && record.ends_with('\r')) record.remove_suffix(1);
      if (!has_origin && is_blank(record)) continue;
      const LineOrigin origin =
          has_origin ? block.origins[number] : LineOrigin{.position = lines_before_, .bytes_in_all = too_long(record)};
      if (auto added = add_record(record, origin.original, origin.position, origin.bytes_in_all); !added) return added;
    }
    return {};
  }

  static std::size_t too_long(std::string_view record) { return record.size() > max_record_bytes ? record.size() : 0; }

  Result<void> add_record(std::string_view record, std::string_view original, std::int64_t position,
                          std::size_t bytes_in_all) {
    if (bytes_in_all == 0) decoder_.decode(record, decoded_);
    if (bytes_in_all > 0)
      record = record.substr(0, max_record_bytes);
    else if (const auto* const bar = std::get_if<Bar>(&decoded_))
      time_ = bar->values.time;
    else if (const auto* const heartbeat = std::get_if<Heartbeat>(&decoded_))
      time_ = heartbeat->time;
    ++records_;
    return sorter_.add({.time = time_,
                        .file = static_cast<std::uint32_t>(file_),
                        .position = position,
                        .bytes_in_all = bytes_in_all,
                        .record = record,
                        .original = original});
  }

  Result<bool> write_block(LineBlock& block) {
    constexpr std::size_t block_bytes = 192 * 1'024;
    block.overlong.reset();
    block.begins_file = false;
    block.origins.clear();
    block.text.clear();
    block.originals.clear();
    ends_.clear();
    SortedRecord record;
    while (block.text.size() < block_bytes) {
      const auto found = sorter_.next(record);
      if (!found) return std::unexpected(found.error());
      if (!*found) break;
      block.text += record.record;
      block.text += '\n';
      block.originals += record.original;
      ends_.push_back(block.originals.size());
      block.origins.push_back({files_[record.file], record.position, {}, record.bytes_in_all});
    }
    for (std::size_t i = 0, begin = 0; i < ends_.size(); begin = ends_[i++])
      block.origins[i].original = std::string_view(block.originals).substr(begin, ends_[i] - begin);
    block.lines = block.text;
    block.share_read.reset();
    return !ends_.empty();
  }

  LineBlocks lines_;
  RecordSorter sorter_;
  std::vector<std::string> files_;
  std::size_t file_ = 0;
  bool has_begun_ = false;
  bool is_sorted_ = false;
  std::int64_t lines_before_ = 0;
  std::uint64_t records_ = 0;
  std::optional<Progress> progress_{std::in_place, "records", std::nullopt};
  std::optional<EventTime> time_;  // of the last record of the file that has one
  Decoder decoder_;
  Decoded decoded_;
  std::vector<std::size_t> ends_;
};

}  // namespace

Result<std::unique_ptr<BlockInput>> open_filter_input(const TrendsOptions& options) {
  auto lines = LineBlocks::open(options.files, options.transcribe);
  if (!lines) return std::unexpected(lines.error());
  if (!options.sort.sort) return std::make_unique<AsTheyCome>(std::move(*lines));
  return std::make_unique<InOrderOfTime>(std::move(*lines), options.sort.memory_bytes, options.files);
}

}  // namespace tidemark
