// LineReader: the records of a stream of bytes, one line each (contract/semantics.md §1.1, §1.2).
//
// Blank lines are skipped, however long they are. Of a line that is too long to be a record only the beginning
// is kept, one byte more than a record may have: enough to be rejected for its length. Memory is bounded.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "io/input/byte_source.h"

namespace tidemark {

class LineReader {
 public:
  explicit LineReader(ByteSource source);

  enum class Found { Record, NothingYet, End };
  // Looks for the next record. `next` waits for it, `next_available` does not.
  Result<Found> next();
  Result<Found> next_available();

  // What was found, without its LF and without one CR before it; lives until the next call.
  std::string_view record() const { return record_; }
  // Its length, where only its beginning was kept; else 0.
  std::size_t bytes_in_all() const { return record_bytes_ > record_.size() ? record_bytes_ : 0; }
  const ByteSource& source() const { return source_; }

 private:
  template <typename Refill>
  Result<Found> find(Refill refill);
  void take(std::string_view part);
  bool finish_line();

  ByteSource source_;
  std::vector<char> block_;
  std::string_view rest_;       // of the block, not looked at yet
  std::string line_;            // its first bytes
  std::size_t line_bytes_ = 0;  // its length so far
  char last_byte_ = '\0';
  bool only_blanks_ = true;
  bool ended_ = false;
  std::string record_;
  std::size_t record_bytes_ = 0;
};

}  // namespace tidemark
