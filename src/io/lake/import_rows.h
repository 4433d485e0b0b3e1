// ImportRows: holds the bars of an import between reading and writing, in bounded memory. They arrive in any order and
// leave by day.
//
//     add … ─▶ parts: a day's bars of some symbols, in input order ─▶ (memory is full) one file, in chunks
//                                                                  ─▶ take(part): chunks and the rest
//
// A separate thread writes the file while the next rows arrive.
//
// A part is what a thread sorts and writes at a time. It has at most a thousand symbols, so it stays small.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "core/market/bar.h"
#include "core/market/bar_spacing.h"
#include "core/result.h"
#include "io/lake/lake.h"
#include "io/parquet/interner.h"
#include "run/interfaces/disk.h"

namespace tidemark {

struct ImportRow {
  BarValues values;
  std::int32_t symbol = 0, feed = -1;  // numbers of names; −1: none
  std::uint32_t file = 0,
                line = 0;  // origin: number of the file; line or row from 1, at most 2^32 − 1
};

// A batch of rows read by one thread, with its own numbering of names.
struct ImportBatch {
  std::vector<ImportRow> rows;
  TextInterner symbols, feeds;
  std::vector<BarSpacing> spacings;  // by symbol

  // `position` is that of its line or row within the piece, from 0.
  void add(const Bar& bar, std::int64_t position);
  void clear();
};

// The file of a batch, and the number of lines or rows before the batch's piece.
struct BatchOrigin {
  std::uint32_t file = 0;
  std::int64_t lines_before = 0;
};

class ImportRows {
 public:
  static constexpr std::size_t most_rows_in_memory = 1'000'000;

  // Rows beyond `rows_in_memory` go to the file, which is created when needed.
  ImportRows(Disk& disk, std::string file, std::size_t rows_in_memory = most_rows_in_memory)
      : disk_(disk), path_(std::move(file)), most_rows_(rows_in_memory) {}

  Result<void> add(const ImportBatch& batch, BatchOrigin origin);
  // The number here of a symbol in the last added batch.
  std::int32_t symbol_of(std::size_t of_batch) const { return symbol_of_[of_batch]; }
  std::size_t size() const { return size_; }
  const TextInterner& symbols() const { return symbols_; }
  const TextInterner& feeds() const { return feeds_; }

  struct Part {
    LakeDay day;
    std::vector<ImportRow> rows;  // the last rows, in memory
    struct Chunk {
      std::uint64_t offset = 0;
      std::size_t rows = 0;
    };
    std::vector<Chunk> chunks;  // earlier rows, in the file
    std::size_t size() const;
  };
  // Call it after the last row.
  Result<void> end();
  std::size_t part_count() const { return in_order_.size(); }
  // The memory that the part takes while it is sorted and written.
  std::uint64_t bytes_to_take(std::size_t number) const { return part(number).size() * (sizeof(ImportRow) + 16); }
  // Takes the rows of a part, once for each part. From any thread.
  Result<std::vector<ImportRow>> take(std::size_t part);
  const Part& part(std::size_t number) const { return *in_order_[number]; }

 private:
  static constexpr std::int32_t symbols_per_part = 1'024;
  using Key = std::pair<LakeDay, std::int32_t>;

  Result<void> spill();
  Result<void> wait_for_spill();

  Disk& disk_;
  std::string path_;
  std::size_t most_rows_;
  std::size_t size_ = 0, in_memory_ = 0;
  TextInterner symbols_, feeds_;
  std::vector<std::int32_t> symbol_of_, feed_of_;  // by number in the last batch
  std::map<Key, Part> parts_;
  std::vector<Part*> in_order_;
  std::unique_ptr<DiskFile> file_;
  std::uint64_t file_bytes_ = 0;
  std::unique_ptr<DiskReader> reader_;
  Result<void> spilled_;   // outcome of the last spill; owned by the thread while it runs
  std::jthread spilling_;  // the last member, because it uses the others
};

}  // namespace tidemark
