// The intervals of an import's bars: found in the data, held against one another, and against the lake's.
//
//     file ─▶ spacing of each symbol ─┬▶ against the files before      a daily file beside minutes: refused
//                                     └▶ against the lake's bars       of the same days and those next to them
//
// Bars of two intervals under one symbol would be counted together: a day's volume beside those of its minutes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "app/history/import.h"
#include "app/history/import_account.h"
#include "core/market/bar_spacing.h"
#include "core/result.h"
#include "core/time/time.h"
#include "io/lake/import_part.h"
#include "io/lake/import_rows.h"

namespace tidemark {

class ImportSeries {
 public:
  explicit ImportSeries(const ImportOptions& options);

  // A batch that `rows` has just taken; in the order of the input.
  void add(std::uint32_t file, const ImportBatch& batch, const ImportRows& rows);
  // All files are read: notes each one's interval.
  void end(ImportAccount& account);

  // What the lake has of the import's symbols.
  void know(const std::vector<ImportedPart::KnownSeries>& known);
  // Reads lake days next to those of the import that the lake does not have. `days`: of the import, ascending.
  Result<void> know_neighbours(const Lake& lake, const std::vector<LakeDay>& days, const ImportRows& rows);

  // Why the bars are of another interval than others of their symbol; none where nothing is certain.
  std::optional<std::string> refusal(const ImportAccount& account, const ImportRows& rows) const;

 private:
  struct Series {
    BarSpacing of_file, before;  // of the file that is read, and of those before
    std::uint32_t file = 0;      // the last of those before
    bool is_daily = true;        // all files before are
  };
  struct Conflict {
    std::int32_t symbol = 0;
    std::uint32_t file = 0, other_file = 0;
    IntervalConflict intervals;
  };

  void end_file();
  SpacedBars spaced(const BarSpacing& spacing, bool is_daily) const { return {spacing, is_daily, options_.interval}; }
  double comparisons() const;
  std::string evidence(const BarSpacing& spacing, bool is_daily) const;

  const ImportOptions& options_;
  HoursOfDay midnights_;
  std::vector<Series> series_;         // by symbol
  std::vector<std::int32_t> touched_;  // symbols of the file that is read
  std::uint32_t file_ = 0, files_ = 0;
  std::vector<std::optional<Duration>> intervals_;  // by file
  std::optional<Conflict> conflict_;
  std::unordered_map<std::int32_t, BarSpacing> known_;  // the lake's, by symbol
};

}  // namespace tidemark
