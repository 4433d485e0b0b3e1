// The files of an import, read and judged by several threads, gathered as rows in the order of the input.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>

#include "app/import_input.h"
#include "app/import_judge.h"
#include "app/output_file.h"
#include "app/progress.h"
#include "app/row_order.h"
#include "app/turnstile.h"
#include "core/result.h"
#include "core/wire/reject.h"
#include "io/parquet/import_rows.h"

namespace tidemark {

// Each record that is not a good heartbeat is in exactly one of the others.
struct ImportAccount {
  std::int64_t read = 0, imported = 0, superseded = 0, identical = 0;
  std::map<Reason, std::int64_t> rejected;
  std::int64_t rejected_in_all() const {
    std::int64_t all = 0;
    for (const auto& [reason, count] : rejected) all += count;
    return all;
  }
};

class ImportReading {
 public:
  // Rejected records go to `rejects`, which is made when it was asked for or when there are some.
  ImportReading(const ImportOptions& options, ImportInput& input, ImportRows& rows, std::filesystem::path rejects,
                ImportAccount& account)
      : options_(options), input_(input), rows_(rows), rejects_path_(std::move(rejects)), account_(account) {}

  // Until the end of the input or Ctrl-C.
  Result<void> run();

 private:
  void work();
  bool read(ImportPiece& piece, std::uint64_t& number);
  Result<void> take(const ImportPiece& piece, ImportJudge& judge);
  void begin_file();
  Result<void> open_rejects();
  bool has_failed() const;
  void fail(const Error& error);

  const ImportOptions& options_;
  ImportInput& input_;
  ImportRows& rows_;
  std::filesystem::path rejects_path_;
  ImportAccount& account_;
  std::optional<OutputFile> rejects_;
  Progress progress_{"bars", std::nullopt};
  std::mutex reading_;
  mutable std::mutex failing_;
  Turnstile turn_;
  bool has_ended_ = false;
  std::uint64_t pieces_ = 0;
  std::int64_t lines_before_ = 0;  // of the file, before the piece whose turn it is
  RowOrder order_;
  std::optional<std::string> naive_file_;  // the first whose times have no zone
  std::optional<Error> error_;
};

}  // namespace tidemark
