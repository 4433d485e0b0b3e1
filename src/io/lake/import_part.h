// One part of an import into a file of the lake: sorted, the last of each identity, without what the lake knows already. And
// what speaks against it: rows that contradict one another, bars of another feed, where the lake's own bars lie.
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
  std::string path;               // of the file, which is made when there is something to write
  std::int64_t number = 1;        // of the import
  Position position = -1;         // of its bars
  bool compare_with_lake = true;  // false: the log has newer bars of the day, so nothing is known already
  bool overwrite_nulls = false;   // a row that only knows less is written, too
  std::size_t file_count = 0;     // of the import
  // By the number of the file: rows of a table that is not the lake's own may not contradict one another.
  std::vector<bool> is_foreign_table, is_lake_file;
};

// Each row is one of the first four.
struct RowCounts {
  std::int64_t imported = 0, superseded = 0, identical = 0, poorer = 0;
  std::int64_t contradicting = 0;  // rows that say something else about a bar than another row of the import
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
  std::int64_t bars_in_lake = 0;            // with their feed; 0: the other one is of the import itself …
  RowPlace other;                           // … namely this
};

// The only bar of a symbol and day, which spans those that the lake has of the day: the day's own bar.
struct WholeDayBar {
  std::string symbol;
  LakeDay day;
  RowPlace place;
  std::int64_t bars_in_lake = 0;
};

struct ImportedPart {
  std::vector<RowCounts> files;    // by number
  std::optional<EventTime> first;  // of the bars imported
  std::optional<ContradictingRows> contradiction;
  std::optional<FeedConflict> other_feed;
  std::optional<WholeDayBar> whole_day;
  // Where the lake's bars of the part's symbols lie that day.
  struct KnownSeries {
    std::int32_t symbol = 0;
    BarSpacing spacing;
  };
  std::vector<KnownSeries> known;
};

// The file is synced, its folder is not.
Result<ImportedPart> write_import_part(const Lake& lake, ImportRows& rows, std::size_t part,
                                       const ImportPartOptions& options);

}  // namespace tidemark
