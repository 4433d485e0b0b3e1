// RecordSorter: sorts records by time; records of the same time keep the order in which they were added.
//
//     add … ─▶ memory ─▶ full: sorted, to a temporary file ─▶ end ─▶ merged ─▶ next …
//
// It uses about as many bytes as allowed. The temporary file has no name, so it is gone however the process ends.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "core/result.h"
#include "core/time/time.h"

namespace tidemark {

struct SortedRecord {
  std::optional<EventTime> time;  // empty sorts first
  std::uint32_t file = 0;
  std::int64_t position = 0;
  std::uint64_t bytes_in_all = 0;
  std::string_view record, original;
};

class RecordSorter {
 public:
  // `most_runs`: how many runs are merged at once.
  explicit RecordSorter(std::uint64_t memory_bytes, std::size_t most_runs = 64);
  RecordSorter(RecordSorter&&) noexcept;
  RecordSorter& operator=(RecordSorter&&) noexcept;
  ~RecordSorter();

  Result<void> add(const SortedRecord& record);
  Result<void> end();  // nothing more will be added
  // The next record, valid until the next call; false after the last one.
  Result<bool> next(SortedRecord& record);

  std::uint64_t bytes_on_disk() const;  // of temporary files, the maximum so far

 private:
  class Sorting;
  std::unique_ptr<Sorting> sorting_;
};

}  // namespace tidemark
