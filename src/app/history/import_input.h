// ImportInput: the files of an import in pieces that threads can judge independently: blocks of lines, groups of
// Parquet rows, pages of Alpaca.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/config/run_options.h"
#include "app/filter/line_blocks.h"
#include "app/history/import.h"
#include "core/transcribe/bar_format.h"
#include "core/wire/csv.h"
#include "core/wire/csv_head.h"
#include "core/wire/decode.h"
#include "io/parquet/bar_table.h"
#include "run/interfaces/disk.h"

namespace tidemark {

struct ImportPiece {
  std::string_view file;  // as given
  bool begins_file = false;
  std::optional<double> share_read;  // of the whole input, this piece included

  LineBlock block;                        // lines …
  std::size_t header_lines = 0;           // … of which the first so many are no rows
  std::shared_ptr<const CsvTable> csv;    // none: the lines are JSON …
  Leniency leniency = Leniency::None;     // … read with this leniency
  std::shared_ptr<const BarTable> table;  // or rows of Parquet: the group of this number
  std::size_t group = 0;
  std::optional<std::string> page;  // or a whole answer of Alpaca
};

class ImportInput {
 public:
  // Checks every file first, so that a wrong name is reported before anything is done.
  static Result<ImportInput> open(const ImportOptions& options, const Disk& disk);
  ImportInput(ImportInput&&) noexcept;
  ~ImportInput();

  // Reads the next piece. False at the end, or after Ctrl-C.
  Result<bool> next(ImportPiece& piece);
  // What is known of each file that has been opened so far.
  struct FileFacts {
    std::string name;
    std::uint64_t bytes = 0;  // on disk; 0: unknown
    ImportFormat format = ImportFormat::Auto;
  };
  const std::vector<FileFacts>& files() const { return facts_; }

 private:
  ImportInput(const ImportOptions& options, const Disk& disk) : options_(&options), disk_(&disk) {}
  Result<void> open_next();
  Result<bool> read_lines(ImportPiece& piece);
  Result<void> read_page(ImportPiece& piece);
  TranscribeOptions transcribing(ImportFormat format) const;
  Result<void> learn_format(ImportPiece& piece);
  CsvOptions csv_options(const std::string& file) const;
  std::optional<std::string> symbol_of(const std::string& file) const;

  const ImportOptions* options_;
  const Disk* disk_;
  std::size_t next_file_ = 0;
  std::vector<FileFacts> facts_;
  std::uint64_t bytes_in_all_ = 0, bytes_before_ = 0;
  bool begins_file_ = true;
  std::optional<LineBlocks> lines_;
  std::shared_ptr<const CsvTable> csv_;
  Leniency leniency_ = Leniency::None;
  bool format_is_known_ = false;
  std::shared_ptr<const BarTable> table_;
  std::size_t next_group_ = 0;
  bool has_page_ = false;
};

}  // namespace tidemark
