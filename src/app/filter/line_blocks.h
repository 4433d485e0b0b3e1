// Line blocks: the filter's input, some hundred kilobytes of whole lines at a time.
//
// Files are one input, one after the other; no block reaches from one into the next, and a file's end ends
// its last line (contract/semantics.md §1.1). A line longer than a record may be is not kept whole. What somebody else
// wrote is transcribed (§7.6), where that is asked for: then each line of a block has an origin.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/transcribe/bar_format.h"
#include "core/transcribe/transcription.h"
#include "io/input/byte_source.h"

namespace tidemark {

// Where a line of a block came from, when it does not stand in its file as it stands in the block.
struct LineOrigin {
  std::string_view file;         // as given
  std::int64_t position = 0;     // of the line in its file, from 1
  std::string_view original;     // the bytes that were transcribed; empty: the line is as it came
  std::size_t bytes_in_all = 0;  // of a record too long to be kept, whose beginning the line is; else 0
};

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
  std::vector<LineOrigin> origins;   // one a line, none of which is blank; none: the lines are those of the file
  std::string text, originals;       // of lines that have origins
  std::optional<double> share_read;  // of the whole input, 0 to 1, this block included; none where nobody knows
};

// How much a block waits for. A pipe gives little at a time: either whole lines go on at once, or the block gets full.
enum class BlockFill : std::uint8_t { WholeLines, Full };

class LineBlocks {
 public:
  // No file means standard input, and so does "-". A name that cannot be opened is Error::setup, at once. By default
  // nothing is transcribed.
  static Result<LineBlocks> open(std::vector<std::string> files, TranscribeOptions options = {},
                                 BlockFill fill = BlockFill::WholeLines);

  LineBlocks(LineBlocks&&) noexcept;
  ~LineBlocks();

  // The next block, in `block`'s own buffer; false at the end of the input, or when `stop_descriptor` became
  // readable while it waited.
  Result<bool> next(LineBlock& block, int stop_descriptor);

  // Of the file that is being read, once a block of it has come.
  BarFormat format() const { return format_; }
  // Messages of transcribed files that were no bars, by their kind.
  const std::map<std::string, std::int64_t, std::less<>>& skipped() const { return skipped_; }

 private:
  class Descriptor;
  enum class Got { Bytes, End, Stopped };

  LineBlocks(std::vector<std::string> files, TranscribeOptions options, BlockFill fill);
  Result<void> open_next();
  void close();
  Result<Got> fill(LineBlock& block, std::size_t& filled, int stop_descriptor);
  Result<bool> read_block(LineBlock& block, int stop_descriptor);
  Result<bool> skip_monster(LineBlock& block, int stop_descriptor);
  Result<Got> learn_kind(LineBlock& block, std::size_t& filled, int stop_descriptor);
  Result<bool> read_transcribed(LineBlock& block, int stop_descriptor);
  std::optional<double> share_read() const;

  std::vector<std::string> files_;
  TranscribeOptions options_;
  BlockFill fill_;
  bool knows_kind_ = false;  // of the file
  BarFormat format_ = BarFormat::JsonLines;
  std::int64_t blank_lines_ = 0;  // of it, before its kind was known
  std::optional<Transcription> transcription_;
  std::map<std::string, std::int64_t, std::less<>> skipped_;
  std::size_t next_file_ = 0;
  std::unique_ptr<Descriptor> descriptor_;
  std::optional<ByteSource> source_;
  bool begins_file_ = true;
  std::vector<char> rest_;                     // the beginning of a line whose end is not read yet
  std::optional<std::uint64_t> bytes_in_all_;  // on disk; none if some input is no plain file
  std::uint64_t consumed_before_ = 0;          // of it, by the files before
};

}  // namespace tidemark
