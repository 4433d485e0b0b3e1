// Writes a part of an import to a file of the lake: sorted, the last row of each identity, without bars that the lake
// already has. Also reports reasons to refuse the import: contradicting rows, bars of another feed, the spacing of the
// lake's own bars.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/market/bar_spacing.h"
#include "core/result.h"
#include "io/lake/import_rows.h"
#include "io/lake/lake.h"

namespace tidemark {

struct ImportPartOptions {
  std::string path;               // of the file, which is created if there are rows to write
  std::int64_t number = 1;        // of the import
  Position position = -1;         // of its bars
  bool compare_with_lake = true;  // false: the log has newer bars of the day, so none may be left out
  bool overwrite_nulls = false;   // also writes rows that only add nulls
  std::size_t file_count = 0;     // of the import
  // By number of the file. Rows of foreign tables must not contradict one another.
  std::vector<bool> is_foreign_table, is_lake_file;
};

// Each row is counted in one of the first four.
struct RowCounts {
  std::int64_t imported = 0, superseded = 0, identical = 0, poorer = 0;
  std::int64_t contradicting = 0;  // rows that differ from another row of the import about the same bar
};

// Where a row was read.
struct RowPlace {
  std::uint32_t file = 0, line = 0;
};

struct ContradictingRows {
  std::string symbol;
  EventTime time;
  RowPlace first, second;
};

// Bars of one symbol and day from two feeds.
struct FeedConflict {
  std::string symbol;
  LakeDay day;
  std::optional<std::string> ours, theirs;  // none: the bar names no feed
  RowPlace place;                           // of the first bar of ours
  std::int64_t bars_in_lake = 0;            // bars with their feed; 0: the conflict is within the import, with …
  RowPlace other;                           // … this row
};

// The only bar of a symbol and day that encloses all bars that the lake has of the day: a daily bar.
struct WholeDayBar {
  std::string symbol;
  LakeDay day;
  RowPlace place;
  std::int64_t bars_in_lake = 0;
};

struct ImportedPart {
  std::vector<RowCounts> files;    // by number
  std::optional<EventTime> first;  // of the imported bars
  std::optional<ContradictingRows> contradiction;
  std::optional<FeedConflict> other_feed;
  std::optional<WholeDayBar> whole_day;
  // The spacing of the lake's bars of the part's symbols on that day.
  struct KnownSeries {
    std::int32_t symbol = 0;
    BarSpacing spacing;
  };
  std::vector<KnownSeries> known;
};

// The file is synced; its folder is not.
Result<ImportedPart> write_import_part(const Lake& lake, ImportRows& rows, std::size_t part,
                                       const ImportPartOptions& options);

}  // namespace tidemark
