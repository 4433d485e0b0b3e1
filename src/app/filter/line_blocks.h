// LineBlocks: the filter's input in blocks of whole lines, some hundred kilobytes each.
//
// The files form one input. No block spans two files, and the end of a file ends its last line (contract/semantics.md
// §1.1). A line longer than a record may be is not kept whole. Foreign formats are transcribed (§7.6) on request; then
// each line of a block has an origin.
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

// Where a line of a block came from, if it differs from the line in its file.
struct LineOrigin {
  std::string_view file;         // as given
  std::int64_t position = 0;     // of the line in its file, from 1
  std::string_view original;     // the bytes that were transcribed; empty: the line is unchanged
  std::size_t bytes_in_all = 0;  // of a record too long to keep, of which the line is the beginning; else 0
};

// Lines of one file: either `lines` holds whole lines, or `overlong` describes a single line.
struct LineBlock {
  struct OverlongLine {            // a line too long to keep
    std::size_t bytes_in_all = 0;  // without LF and one CR
    bool is_blank = false;
  };

  std::string_view file;  // as given
  bool begins_file = false;
  std::vector<char> bytes;
  std::string_view lines;  // a view into `bytes`; of an overlong line, its beginning
  std::optional<OverlongLine> overlong;
  std::vector<LineOrigin> origins;   // one for each line, none blank; empty: the lines are those of the file
  std::string text, originals;       // storage for lines that have origins
  std::optional<double> share_read;  // of the whole input, 0 to 1, this block included; none if unknown
};

// What a block waits for. A pipe delivers little at a time: either whole lines are passed on at once, or the block is
// filled.
enum class BlockFill : std::uint8_t { WholeLines, Full };

class LineBlocks {
 public:
  // Opens the files. No file means standard input, as does "-". A file that cannot be opened is Error::setup, at once.
  // By default nothing is transcribed.
  static Result<LineBlocks> open(std::vector<std::string> files, TranscribeOptions options = {},
                                 BlockFill fill = BlockFill::WholeLines);

  LineBlocks(LineBlocks&&) noexcept;
  ~LineBlocks();

  // Reads the next block into `block`. False at the end of the input, or if `stop_descriptor` became readable during
  // the wait.
  Result<bool> next(LineBlock& block, int stop_descriptor);

  // The format of the current file, once a block of it has been read.
  BarFormat format() const { return format_; }
  // The number of messages in transcribed files that were no bars, by kind.
  const std::map<std::string, std::int64_t, std::less<>>& skipped() const { return skipped_; }

 private:
  class Descriptor;
  enum class Got { Bytes, End, Stopped };

  LineBlocks(std::vector<std::string> files, TranscribeOptions options, BlockFill fill);
  Result<void> open_next();
  void close();
  Result<Got> fill(LineBlock& block, std::size_t& filled, int stop_descriptor);
  Result<bool> read_block(LineBlock& block, int stop_descriptor);
  Result<bool> skip_overlong_line(LineBlock& block, int stop_descriptor);
  Result<Got> learn_kind(LineBlock& block, std::size_t& filled, int stop_descriptor);
  Result<bool> read_transcribed(LineBlock& block, int stop_descriptor);
  std::optional<double> share_read() const;

  std::vector<std::string> files_;
  TranscribeOptions options_;
  BlockFill fill_;
  bool knows_kind_ = false;  // of the current file
  BarFormat format_ = BarFormat::JsonLines;
  std::int64_t blank_lines_ = 0;  // at the beginning of the file, before its kind was known
  std::optional<Transcription> transcription_;
  std::map<std::string, std::int64_t, std::less<>> skipped_;
  std::size_t next_file_ = 0;
  std::unique_ptr<Descriptor> descriptor_;
  std::optional<ByteSource> source_;
  bool begins_file_ = true;
  std::vector<char> rest_;                     // the beginning of a line whose end has not been read yet
  std::optional<std::uint64_t> bytes_in_all_;  // on disk; none unless every input is a regular file
  std::uint64_t consumed_before_ = 0;          // of these, by earlier files
};

}  // namespace tidemark
