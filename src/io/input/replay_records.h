// The records of a replay's files in one order: merged by time, each file in its own order, or sorted by time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/time/time.h"
#include "core/wire/decode.h"
#include "io/input/line_reader.h"
#include "run/interfaces/log.h"

namespace tidemark {

// One file, and its current record.
class ReplayFile {
 public:
  ReplayFile(ByteSource source, const TranscribeOptions& options) : lines_(std::move(source), options) {}

  Result<LineReader::Found> advance();
  Record record(EventTime ingested_at) const;
  std::string_view value() const { return lines_.record(); }
  const std::string& key() const { return key_; }  // the symbol; empty if the record is no bar
  std::size_t bytes_in_all() const { return lines_.bytes_in_all(); }
  // The time of the record, or of the last one before it that had a time.
  std::optional<EventTime> time() const { return time_; }
  const ByteSource& source() const { return lines_.source(); }
  std::int64_t skipped() const;  // messages that are no bars

 private:
  LineReader lines_;
  Decoder decoder_;
  std::string key_;
  std::optional<EventTime> time_;
};

class ReplayRecords {
 public:
  virtual ~ReplayRecords() = default;
  // Looks for the next record unless there is a current one. NothingYet: waiting for a pipe, or still sorting; call
  // again.
  virtual Result<LineReader::Found> find() = 0;
  // Of the current record.
  virtual Record record(EventTime ingested_at) const = 0;
  virtual std::optional<EventTime> time() const = 0;
  virtual void take() = 0;
  // How many records were read while sorting; else 0.
  virtual std::uint64_t being_sorted() const { return 0; }
  virtual const std::vector<ReplayFile>& files() const = 0;
};

std::unique_ptr<ReplayRecords> merged_by_time(std::vector<ReplayFile> files);
std::unique_ptr<ReplayRecords> sorted_by_time(std::vector<ReplayFile> files, std::uint64_t memory_bytes);

}  // namespace tidemark
