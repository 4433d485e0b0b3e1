// ImportReading: reads and judges the files of an import on several threads, and collects the rows in the order of the
// input.
#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>

#include "app/history/import.h"
#include "app/history/import_account.h"
#include "app/history/import_input.h"
#include "app/history/import_judge.h"
#include "app/history/import_series.h"
#include "app/history/row_order.h"
#include "app/process/output_file.h"
#include "app/process/progress.h"
#include "app/process/sequence_gate.h"
#include "core/result.h"
#include "io/lake/import_rows.h"

namespace tidemark {

class ImportReading {
 public:
  // Rejected records go to `rejects`. The file is created if it was requested or if there are any.
  ImportReading(const ImportOptions& options, ImportInput& input, ImportRows& rows, ImportSeries& series,
                std::filesystem::path rejects, ImportAccount& account)
      : options_(options),
        input_(input),
        rows_(rows),
        series_(series),
        rejects_path_(std::move(rejects)),
        account_(account) {}

  // Returns at the end of the input, or after Ctrl-C.
  Result<void> run();

 private:
  struct Piece : ImportPiece {
    std::uint64_t number = 0;  // in the order of the input
    std::uint32_t of_file = 0;
  };

  void work();
  bool read(Piece& piece);
  Result<void> take(const Piece& piece, ImportJudge& judge);
  Result<void> take_rejected(const Piece& piece, const ImportJudge& judge, FileAccount& file);
  void note_files();
  void begin_file();
  Result<void> open_rejects();
  bool has_failed() const;
  void fail(const Error& error);

  const ImportOptions& options_;
  ImportInput& input_;
  ImportRows& rows_;
  ImportSeries& series_;
  std::filesystem::path rejects_path_;
  ImportAccount& account_;
  std::optional<OutputFile> rejects_;
  Progress progress_{"bars", std::nullopt};
  std::mutex reading_;
  mutable std::mutex failing_;
  SequenceGate turn_;
  bool has_ended_ = false;
  std::uint64_t pieces_ = 0;
  std::int64_t lines_before_ = 0;  // in the current file, before the piece whose turn it is
  std::int64_t read_ = 0;
  RowOrder order_;
  std::optional<std::string> naive_file_;  // the first file whose times have no zone
  std::optional<Error> error_;
};

}  // namespace tidemark
