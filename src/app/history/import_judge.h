// ImportJudge: judges a piece of an import's input on one thread: bars, and rejected records.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/history/import.h"
#include "app/history/import_input.h"
#include "app/history/row_order.h"
#include "core/time/time.h"
#include "core/wire/csv.h"
#include "core/wire/decode.h"
#include "io/alpaca/bar_text.h"
#include "io/lake/import_rows.h"

namespace tidemark {

struct RejectedRow {
  Reject reject;
  std::int64_t position = 0;  // of its line or row within the piece, from 0
  std::string record;
  std::size_t bytes_in_all = 0;
};

class ImportJudge {
 public:
  explicit ImportJudge(const ImportOptions& options);

  // `full` is called when very many bars have been collected. It should take them and call clear().
  Result<void> judge(const ImportPiece& piece, const std::function<Result<void>()>& full);

  // Drops what has been collected of the piece so far.
  void clear();

  ImportBatch bars;
  std::vector<RepeatedTime> repeated;  // bars whose local time occurs twice
  std::vector<RejectedRow> rejected;
  struct OtherFeed {
    std::int64_t position = 0;
    std::string feed;
  };
  std::optional<OtherFeed> other_feed;  // the first bar that names another feed than --feed
  std::int64_t naive_times = 0;         // number of bars whose time has no zone
  std::size_t lines = 0;                // of the piece, blank ones included; or rows

 private:
  static constexpr std::size_t most_bars = 256 * 1'024, most_rejected_bytes = 16 * 1'024 * 1'024;

  void judge_piece_of_lines(const ImportPiece& piece);
  void judge_transcribed(const LineBlock& block);
  Result<void> judge_page(const ImportPiece& piece);
  void judge_lines(const ImportPiece& piece, std::string_view text);
  Result<void> judge_rows(const ImportPiece& piece, const std::function<Result<void>()>& full);

  void add(const Bar& bar, std::int64_t position, const FieldValue& time);
  void add_named(const Bar& bar, std::int64_t position);

  Duration before_its_time_;  // how much earlier a bar begins than its time says
  Decoder decoder_, lenient_decoder_{Leniency::AsTables};
  CsvReader csv_;
  BarText pages_;
  const std::optional<std::string>& feed_;
  Decoded decoded_;
};

}  // namespace tidemark
