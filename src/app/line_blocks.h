// Line blocks: the filter's input, some hundred kilobytes of whole lines at a time.
//
// Files are one input, one after the other; no block reaches from one into the next, and a file's end ends
// its last line (contract/semantics.md §1.1). A line longer than a record may be is not kept whole.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "io/input/byte_source.h"

namespace tidemark {

// Lines of one file. Either `lines` holds whole lines, or `monster` stands for a single one.
struct LineBlock {
  struct Monster {                 // a line too long to be kept
    std::size_t bytes_in_all = 0;  // without LF and one CR
    bool is_blank = false;
  };

  std::string_view file;  // as given
  bool begins_file = false;
  std::vector<char> bytes;
  std::string_view lines;  // in bytes; of a monster its beginning
  std::optional<Monster> monster;
  std::optional<double> share_read;  // of the whole input, 0 to 1, this block included; none where nobody knows
};

// How much a block waits for. A pipe gives little at a time: either whole lines go on at once, or the block gets full.
enum class BlockFill : std::uint8_t { WholeLines, Full };

class LineBlocks {
 public:
  // No file means standard input, and so does "-". A name that cannot be opened is Error::setup, at once.
  static Result<LineBlocks> open(std::vector<std::string> files, BlockFill fill = BlockFill::WholeLines);

  LineBlocks(LineBlocks&&) noexcept;
  ~LineBlocks();

  // The next block, in `block`'s own buffer; false at the end of the input, or when `stop_descriptor` became
  // readable while it waited.
  Result<bool> next(LineBlock& block, int stop_descriptor);

 private:
  class Descriptor;
  enum class Got { Bytes, End, Stopped };

  LineBlocks(std::vector<std::string> files, BlockFill fill);
  Result<void> open_next();
  void close();
  Result<Got> fill(LineBlock& block, std::size_t& filled, int stop_descriptor);
  Result<bool> read_block(LineBlock& block, int stop_descriptor);
  Result<bool> skip_monster(LineBlock& block, int stop_descriptor);
  std::optional<double> share_read() const;

  std::vector<std::string> files_;
  BlockFill fill_;
  std::size_t next_file_ = 0;
  std::unique_ptr<Descriptor> descriptor_;
  std::optional<ByteSource> source_;
  bool begins_file_ = true;
  std::vector<char> rest_;                     // the beginning of a line whose end is not read yet
  std::optional<std::uint64_t> bytes_in_all_;  // on disk; none if some input is no plain file
  std::uint64_t consumed_before_ = 0;          // of it, by the files before
};

}  // namespace tidemark
