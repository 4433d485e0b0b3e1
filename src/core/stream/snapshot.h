// Snapshots: state as bytes that outlive the program (contract/semantics.md §5.5).
//
//     "TMSN" │ version u32 │ fields … │ FNV-1a 64 of everything before
//
// All integers are little-endian and of fixed width. The writer cannot fail. The reader can fail at every step; it then
// returns zeros, and the caller checks ok() at the end.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/number/integer.h"
#include "core/result.h"
#include "core/time/time.h"

namespace tidemark {

// Version 1, of contract 1, has no limit ahead of the feed, and its bars may have a vwap of 0. Version 2 lacks the last
// final of each symbol, the newest bar, and the watermark's jumps. Both are still read.
inline constexpr std::uint32_t snapshot_version = 3;
inline constexpr std::uint32_t oldest_snapshot_version = 1;

class SnapshotWriter {
 public:
  SnapshotWriter();
  void byte(std::uint8_t value) { bytes_.push_back(static_cast<char>(value)); }
  void u32(std::uint32_t value) { integer(value, 4); }
  void count(std::int64_t value) { integer(static_cast<std::uint64_t>(value), 8); }
  void wide(Int128 value);
  void time(EventTime value) { count(nanos_since_epoch(value)); }
  void optional_time(std::optional<EventTime> value);
  void text(std::string_view value);
  std::string finish() &&;  // with the checksum

 private:
  void integer(std::uint64_t value, int bytes);
  std::string bytes_;
};

class SnapshotReader {
 public:
  // Checks frame, version and checksum.
  static Result<SnapshotReader> open(std::string_view snapshot);

  std::uint8_t byte() { return static_cast<std::uint8_t>(integer(1)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(integer(4)); }
  std::int64_t count() { return static_cast<std::int64_t>(integer(8)); }
  Int128 wide();
  EventTime time() { return event_time_from_nanos(count()); }
  std::optional<EventTime> optional_time();
  std::string_view text();

  std::uint32_t version() const { return version_; }
  bool ok() const { return ok_; }
  bool at_end() const { return ok_ && rest_.empty(); }
  std::size_t bytes_left() const { return rest_.size(); }

 private:
  explicit SnapshotReader(std::string_view fields) : rest_(fields) {}
  std::uint64_t integer(std::size_t bytes);
  std::string_view rest_;
  std::uint32_t version_ = snapshot_version;
  bool ok_ = true;
};

}  // namespace tidemark
