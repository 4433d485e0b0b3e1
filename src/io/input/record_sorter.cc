// A run is a set of records sorted in memory at once. On disk a run is its records, one after another:
//
//     has_time time file position bytes_in_all record_size original_size record original
#include "io/input/record_sorter.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <queue>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "core/check.h"
#include "io/input/spill_file.h"

namespace tidemark {
namespace {

constexpr std::size_t chunk_bytes = 1024 * 1024;

struct Header {
  std::int64_t time;  // nanoseconds; the minimum means none
  std::int64_t position;
  std::uint64_t bytes_in_all;
  std::uint32_t file, record_size, original_size, padding;
};
constexpr std::int64_t no_time = std::numeric_limits<std::int64_t>::min();

std::int64_t key_of(std::optional<EventTime> time) { return time ? nanos_since_epoch(*time) : no_time; }

SortedRecord record_at(const char* bytes) {
  Header header;
  std::memcpy(&header, bytes, sizeof header);
  const char* const text = bytes + sizeof header;
  SortedRecord record{.file = header.file,
                      .position = header.position,
                      .bytes_in_all = header.bytes_in_all,
                      .record = {text, header.record_size},
                      .original = {text + header.record_size, header.original_size}};
  if (header.time != no_time) record.time = event_time_from_nanos(header.time);
  return record;
}

std::size_t size_at(const char* bytes) {
  Header header;
  std::memcpy(&header, bytes, sizeof header);
  return sizeof header + header.record_size + header.original_size;
}

// The records in memory: whole records in chunks, and an entry for each.
class Memory {
 public:
  void add(const SortedRecord& record) {
    const Header header{.time = key_of(record.time),
                        .position = record.position,
                        .bytes_in_all = record.bytes_in_all,
                        .file = record.file,
                        .record_size = static_cast<std::uint32_t>(record.record.size()),
                        .original_size = static_cast<std::uint32_t>(record.original.size()),
                        .padding = 0};
    const std::size_t size = sizeof header + record.record.size() + record.original.size();
    if (chunks_.empty() || chunks_.back().size() + size > chunks_.back().capacity()) {
      chunks_.emplace_back().reserve(std::max(chunk_bytes, size));
      bytes_ += chunks_.back().capacity();
    }
    std::string& chunk = chunks_.back();
    entries_.push_back(
        {header.time, static_cast<std::uint32_t>(chunks_.size() - 1), static_cast<std::uint32_t>(chunk.size())});
    chunk.append(reinterpret_cast<const char*>(&header), sizeof header);
    chunk += record.record;
    chunk += record.original;
  }
  void sort() {
    std::ranges::sort(entries_, [](const Entry& a, const Entry& b) {
      return std::tie(a.time, a.chunk, a.offset) < std::tie(b.time, b.chunk, b.offset);
    });
  }
  // The memory it uses, with room for the entries to grow.
  std::size_t bytes() const { return bytes_ + 2 * entries_.size() * sizeof(Entry); }
  std::size_t count() const { return entries_.size(); }
  const char* operator[](std::size_t i) const { return chunks_[entries_[i].chunk].data() + entries_[i].offset; }
  void clear() {
    chunks_.clear();
    entries_.clear();
    bytes_ = 0;
  }
  void release() { *this = Memory(); }

 private:
  struct Entry {
    std::int64_t time;
    std::uint32_t chunk, offset;  // in the order of insertion
  };
  std::vector<std::string> chunks_;
  std::vector<Entry> entries_;
  std::size_t bytes_ = 0;
};

// A run on disk, read from its beginning.
class Run {
 public:
  Run(std::uint64_t begin, std::uint64_t end) : at_(begin), end_(end) {}

  void reserve(std::size_t bytes) { buffer_bytes_ = bytes; }
  // Advances to the next record; false at the end.
  Result<bool> advance(const SpillFile& file) {
    used_ += current_;
    current_ = 0;
    if (auto read = fill(file, sizeof(Header)); !read) return std::unexpected(read.error());
    if (buffer_.size() - used_ < sizeof(Header)) return false;
    const std::size_t size = size_at(buffer_.data() + used_);
    if (auto read = fill(file, size); !read) return std::unexpected(read.error());
    current_ = size;
    return true;
  }
  const char* bytes() const { return buffer_.data() + used_; }
  std::size_t size() const { return current_; }

 private:
  // Fills the buffer until `wanted` bytes are there, or all that remain.
  Result<void> fill(const SpillFile& file, std::size_t wanted) {
    if (buffer_.size() - used_ >= wanted || at_ == end_) return {};
    buffer_.erase(0, used_);
    used_ = 0;
    const std::size_t room = std::max(buffer_bytes_, wanted) - buffer_.size();
    const std::size_t more = std::min<std::uint64_t>(room, end_ - at_);
    const std::size_t before = buffer_.size();
    buffer_.resize(before + more);
    if (auto read = file.read(at_, std::span(buffer_).subspan(before)); !read) return read;
    at_ += more;
    return {};
  }

  std::uint64_t at_, end_;  // of what is not in the buffer yet
  std::size_t buffer_bytes_ = 64 * 1024;
  std::string buffer_;
  std::size_t used_ = 0, current_ = 0;
};

// Merges runs by time; of equal records, the one from the earlier run comes first.
class Merge {
 public:
  static Result<Merge> begin(std::vector<Run> runs, const SpillFile& file) {
    Merge merge(std::move(runs));
    for (std::size_t i = 0; i < merge.runs_.size(); ++i)
      if (auto pushed = merge.push(i, file); !pushed) return std::unexpected(pushed.error());
    return merge;
  }
  // Null at the end. Valid until the next call.
  Result<const Run*> next(const SpillFile& file) {
    if (last_)
      if (auto pushed = push(*std::exchange(last_, std::nullopt), file); !pushed)
        return std::unexpected(pushed.error());
    if (heads_.empty()) return nullptr;
    last_ = heads_.top().second;
    heads_.pop();
    return &runs_[*last_];
  }

 private:
  explicit Merge(std::vector<Run> runs) : runs_(std::move(runs)) {}
  Result<void> push(std::size_t i, const SpillFile& file) {
    const auto found = runs_[i].advance(file);
    if (!found) return std::unexpected(found.error());
    if (*found) heads_.emplace(key_of(record_at(runs_[i].bytes()).time), i);
    return {};
  }

  using Head = std::pair<std::int64_t, std::size_t>;
  std::vector<Run> runs_;
  std::priority_queue<Head, std::vector<Head>, std::greater<>> heads_;
  std::optional<std::size_t> last_;
};

}  // namespace

class RecordSorter::Sorting {
 public:
  Sorting(std::uint64_t memory_bytes, std::size_t most_runs) : memory_bytes_(memory_bytes), most_runs_(most_runs) {}

  Result<void> add(const SortedRecord& record) {
    memory_.add(record);
    return memory_.bytes() < memory_bytes_ ? Result<void>{} : spill();
  }

  Result<void> end() {
    memory_.sort();
    if (runs_.empty()) return {};
    if (auto spilled = spill(); !spilled) return spilled;
    memory_.release();
    auto merge = begin_merge();
    if (!merge) return std::unexpected(merge.error());
    merge_.emplace(std::move(*merge));
    return {};
  }

  Result<bool> next(SortedRecord& record) {
    if (merge_) {
      const auto run = merge_->next(*file_);
      if (!run) return std::unexpected(run.error());
      if (*run != nullptr) record = record_at((*run)->bytes());
      return *run != nullptr;
    }
    if (given_ == memory_.count()) return false;
    record = record_at(memory_[given_++]);
    return true;
  }

  std::uint64_t bytes_on_disk() const { return most_on_disk_; }

 private:
  Result<void> spill() {
    if (memory_.count() == 0) return {};
    if (!file_) {
      auto opened = SpillFile::open();
      if (!opened) return std::unexpected(opened.error());
      file_.emplace(std::move(*opened));
    }
    memory_.sort();
    const std::uint64_t begin = file_->size();
    std::string buffer;
    for (std::size_t i = 0; i < memory_.count(); ++i) {
      buffer.append(memory_[i], size_at(memory_[i]));
      if (buffer.size() < chunk_bytes && i + 1 < memory_.count()) continue;
      if (auto written = file_->append(buffer); !written) return written;
      buffer.clear();
    }
    memory_.clear();
    runs_.emplace_back(begin, file_->size());
    most_on_disk_ = std::max(most_on_disk_, file_->size());
    return runs_.size() < most_runs_ ? Result<void>{} : merge_to_one();
  }

  Result<Merge> begin_merge() {
    std::vector<Run> runs;
    const std::size_t each = std::max<std::size_t>(16 * 1024, memory_bytes_ / 2 / runs_.size());
    for (const auto& [begin, end] : runs_) runs.emplace_back(begin, end).reserve(std::min(each, 4 * chunk_bytes));
    return Merge::begin(std::move(runs), *file_);
  }

  // Keeps the number of runs that must be merged at once small. The file they were in is dropped.
  Result<void> merge_to_one() {
    auto merge = begin_merge();
    if (!merge) return std::unexpected(merge.error());
    auto into = SpillFile::open();
    if (!into) return std::unexpected(into.error());
    std::string buffer;
    for (;;) {
      const auto run = merge->next(*file_);
      if (!run) return std::unexpected(run.error());
      if (*run != nullptr) buffer.append((*run)->bytes(), (*run)->size());
      if (*run != nullptr && buffer.size() < chunk_bytes) continue;
      if (auto written = into->append(buffer); !written) return written;
      buffer.clear();
      if (*run == nullptr) break;
    }
    most_on_disk_ = std::max(most_on_disk_, file_->size() + into->size());
    *file_ = std::move(*into);
    runs_ = {{0, file_->size()}};
    return {};
  }

  std::uint64_t memory_bytes_;
  std::size_t most_runs_;
  Memory memory_;
  std::size_t given_ = 0;
  std::optional<SpillFile> file_;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> runs_;  // in the file, in the order of insertion
  std::optional<Merge> merge_;
  std::uint64_t most_on_disk_ = 0;
};

RecordSorter::RecordSorter(std::uint64_t memory_bytes, std::size_t most_runs)
    : sorting_(std::make_unique<Sorting>(memory_bytes, most_runs)) {}
RecordSorter::RecordSorter(RecordSorter&&) noexcept = default;
RecordSorter& RecordSorter::operator=(RecordSorter&&) noexcept = default;
RecordSorter::~RecordSorter() = default;

Result<void> RecordSorter::add(const SortedRecord& record) { return sorting_->add(record); }
Result<void> RecordSorter::end() { return sorting_->end(); }
Result<bool> RecordSorter::next(SortedRecord& record) { return sorting_->next(record); }
std::uint64_t RecordSorter::bytes_on_disk() const { return sorting_->bytes_on_disk(); }

}  // namespace tidemark
