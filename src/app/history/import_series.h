// ImportSeries: finds the intervals of an import's bars, and compares them with one another and with the lake's.
//
//     file ─▶ spacing of each symbol ─┬▶ against the files before      a daily file beside minutes: refused
//                                     └▶ against the lake's bars       of the same days and of days near them
//
// Bars of two intervals under one symbol would be counted together, a day's volume beside those of its minutes.
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

  // Adds a batch that `rows` has just taken, in the order of the input.
  void add(std::uint32_t file, const ImportBatch& batch, const ImportRows& rows);
  // Call it after the last file. Sets the interval of each file.
  void end(ImportAccount& account);

  // Adds what the lake has of the import's symbols.
  void know(const std::vector<ImportedPart::KnownSeries>& known);
  // Reads days of the lake near those days of the import that the lake lacks. `days` are those of the import,
  // ascending.
  Result<void> know_neighbours(const Lake& lake, const std::vector<LakeDay>& days, const ImportRows& rows);

  // Why the bars have another interval than other bars of their symbol; none if that is not certain.
  std::optional<std::string> refusal(const ImportAccount& account, const ImportRows& rows) const;

 private:
  struct Series {
    BarSpacing of_file, before;  // of the current file, and of earlier files
    std::uint32_t file = 0;      // the last earlier file
    bool is_daily = true;        // all earlier files are daily
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
  std::vector<std::int32_t> touched_;  // symbols of the current file
  std::uint32_t file_ = 0, files_ = 0;
  std::vector<std::optional<Duration>> intervals_;  // by file
  std::optional<Conflict> conflict_;
  std::unordered_map<std::int32_t, BarSpacing> known_;  // the lake's, by symbol
};

}  // namespace tidemark
