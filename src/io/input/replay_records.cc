#include "io/input/replay_records.h"

#include <functional>
#include <queue>
#include <utility>
#include <variant>

#include "io/input/record_sorter.h"

namespace tidemark {
namespace {

// The earliest record of all files. A file that has ended drops out.
class Merged final : public ReplayRecords {
 public:
  explicit Merged(std::vector<ReplayFile> files) : files_(std::move(files)) {
    for (std::size_t index = 0; index < files_.size(); ++index) wanting_.push_back(index);
  }

  Result<LineReader::Found> find() override {
    while (!wanting_.empty()) {
      const std::size_t index = wanting_.back();
      Result<LineReader::Found> found = files_[index].advance();
      if (!found || *found == LineReader::Found::NothingYet) return found;
      wanting_.pop_back();
      if (*found == LineReader::Found::Record) heads_.emplace(files_[index].time(), index);
    }
    return heads_.empty() ? LineReader::Found::End : LineReader::Found::Record;
  }

  Record record(EventTime ingested_at) const override { return least().record(ingested_at); }
  std::optional<EventTime> time() const override { return least().time(); }
  void take() override {
    wanting_.push_back(heads_.top().second);
    heads_.pop();
  }
  const std::vector<ReplayFile>& files() const override { return files_; }

 private:
  const ReplayFile& least() const { return files_[heads_.top().second]; }

  using Head = std::pair<std::optional<EventTime>, std::size_t>;  // no time yet sorts first
  std::vector<ReplayFile> files_;
  std::priority_queue<Head, std::vector<Head>, std::greater<>> heads_;
  std::vector<std::size_t> wanting_;  // files whose next record is not read yet
};

// Reads one file after another into the sorter, then returns all records by time.
class Sorted final : public ReplayRecords {
 public:
  Sorted(std::vector<ReplayFile> files, std::uint64_t memory_bytes) : files_(std::move(files)), sorter_(memory_bytes) {}

  Result<LineReader::Found> find() override {
    if (has_record_) return LineReader::Found::Record;
    if (!is_sorted_) {
      const auto read = read_some();
      if (!read) return std::unexpected(read.error());
      if (!*read) return LineReader::Found::NothingYet;
    }
    const auto found = sorter_.next(record_);
    if (!found) return std::unexpected(found.error());
    has_record_ = *found;
    return has_record_ ? LineReader::Found::Record : LineReader::Found::End;
  }

  Record record(EventTime ingested_at) const override {
    return {.key = std::string(record_.original),  // the sorter stores the key there
            .value = std::string(record_.record),
            .ingested_at = ingested_at,
            .bytes_in_all = record_.bytes_in_all};
  }
  std::optional<EventTime> time() const override { return record_.time; }
  void take() override { has_record_ = false; }
  std::uint64_t being_sorted() const override { return is_sorted_ ? 0 : read_; }
  const std::vector<ReplayFile>& files() const override { return files_; }

 private:
  static constexpr std::size_t records_a_step = 50'000;  // some tens of milliseconds: keeps the caller responsive

  // True when all are sorted.
  Result<bool> read_some() {
    for (std::size_t count = 0; count < records_a_step; ++count) {
      if (next_file_ == files_.size()) {
        if (auto ended = sorter_.end(); !ended) return std::unexpected(ended.error());
        return is_sorted_ = true;
      }
      ReplayFile& file = files_[next_file_];
      const Result<LineReader::Found> found = file.advance();
      if (!found) return std::unexpected(found.error());
      if (*found == LineReader::Found::NothingYet) return false;
      if (*found == LineReader::Found::End) {
        ++next_file_;
        continue;
      }
      ++read_;
      const auto added = sorter_.add({.time = file.time(),
                                      .file = static_cast<std::uint32_t>(next_file_),
                                      .position = 0,
                                      .bytes_in_all = file.bytes_in_all(),
                                      .record = file.value(),
                                      .original = file.key()});
      if (!added) return std::unexpected(added.error());
    }
    return false;
  }

  std::vector<ReplayFile> files_;
  RecordSorter sorter_;
  std::size_t next_file_ = 0;
  std::uint64_t read_ = 0;
  bool is_sorted_ = false, has_record_ = false;
  SortedRecord record_;
};

}  // namespace

Result<LineReader::Found> ReplayFile::advance() {
  Result<LineReader::Found> found = lines_.next_available();
  if (!found || *found != LineReader::Found::Record) return found;
  key_.clear();
  const Decoded decoded = decoder_.decode(lines_.record());
  if (const Bar* bar = std::get_if<Bar>(&decoded)) {
    key_ = bar->symbol;
    time_ = bar->values.time;
  } else if (const Heartbeat* heartbeat = std::get_if<Heartbeat>(&decoded)) {
    time_ = heartbeat->time;
  }
  return found;
}

Record ReplayFile::record(EventTime ingested_at) const {
  return {.key = key_,
          .value = std::string(lines_.record()),
          .ingested_at = ingested_at,
          .bytes_in_all = lines_.bytes_in_all()};
}

std::int64_t ReplayFile::skipped() const {
  std::int64_t count = 0;
  if (lines_.transcription() != nullptr)
    for (const auto& [kind, messages] : lines_.transcription()->transcriber().skipped()) count += messages;
  return count;
}

std::unique_ptr<ReplayRecords> merged_by_time(std::vector<ReplayFile> files) {
  return std::make_unique<Merged>(std::move(files));
}
std::unique_ptr<ReplayRecords> sorted_by_time(std::vector<ReplayFile> files, std::uint64_t memory_bytes) {
  return std::make_unique<Sorted>(std::move(files), memory_bytes);
}

}  // namespace tidemark
