// LineReader: the records of a byte stream, one per line (contract/semantics.md §1.1, §1.2), or transcribed from a
// foreign format (contract §7.6).
//
// Blank lines are skipped, however long they are. Of a line that is too long only the beginning is kept, one byte more
// than a record may have, so that it is rejected for its length. Memory is bounded.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/transcribe/transcription.h"
#include "io/input/byte_source.h"

namespace tidemark {

// What a feed that reads lines hands on at once, at most.
inline constexpr std::size_t bytes_a_poll = 8 * 1024 * 1024;

class LineReader {
 public:
  // By default every line is a record.
  explicit LineReader(ByteSource source, TranscribeOptions options = {});

  enum class Found { Record, NothingYet, End };
  // Looks for the next record. `next` waits for it, `next_available` does not.
  Result<Found> next();
  Result<Found> next_available();

  // The record found, without its LF and without one CR before it. Valid until the next call.
  std::string_view record() const { return record_; }
  // Its full length if only its beginning was kept; else 0.
  std::size_t bytes_in_all() const { return record_bytes_ > record_.size() ? record_bytes_ : 0; }
  const ByteSource& source() const { return source_; }
  // Null if nothing is transcribed.
  const Transcription* transcription() const { return transcription_ ? &*transcription_ : nullptr; }

 private:
  template <typename Refill>
  Result<Found> find(Refill refill);
  template <typename Refill>
  Result<Found> find_transcribed(Refill refill);
  bool learn_kind();
  void take(std::string_view part);
  bool finish_line();

  ByteSource source_;
  TranscribeOptions options_;
  bool knows_kind_;
  std::string beginning_;  // of the source, until its kind is known
  std::optional<Transcription> transcription_;
  std::vector<char> block_;
  std::string_view rest_;       // of the block, not processed yet
  std::string line_;            // its first bytes
  std::size_t line_bytes_ = 0;  // its length so far
  char last_byte_ = '\0';
  bool only_blanks_ = true;
  bool ended_ = false;
  std::string record_;
  std::size_t record_bytes_ = 0;
};

}  // namespace tidemark
