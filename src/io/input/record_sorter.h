// RecordSorter: records in order of time, those of one time in the order in which they were added.
//
//     add … ─▶ memory ─▶ full: sorted, to a temporary file ─▶ end ─▶ merged ─▶ next …
//
// Holds about as many bytes as it was allowed. The temporary file has no name, so it is gone whatever ends the process.
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
  std::optional<EventTime> time;  // none sorts first
  std::uint32_t file = 0;
  std::int64_t position = 0;
  std::uint64_t bytes_in_all = 0;
  std::string_view record, original;
};

class RecordSorter {
 public:
  // `most_runs`: that are merged at once.
  explicit RecordSorter(std::uint64_t memory_bytes, std::size_t most_runs = 64);
  RecordSorter(RecordSorter&&) noexcept;
  RecordSorter& operator=(RecordSorter&&) noexcept;
  ~RecordSorter();

  Result<void> add(const SortedRecord& record);
  Result<void> end();  // nothing more is added
  // The next record, which lives until the next call; false behind the last one.
  Result<bool> next(SortedRecord& record);

  std::uint64_t bytes_on_disk() const;  // of temporary files, at the most

 private:
  class Sorting;
  std::unique_ptr<Sorting> sorting_;
};

}  // namespace tidemark
