// Verifies the lake against the log: every row that the log has published and still holds is in the lake exactly once,
// with the same values.
//
//     the store's positions ─▶ the log's rows below them, a million at a time ─▶ the files of their days ─▶ each row once?
//
// A trend may differ from the log's if its day was recomputed. Then it must equal what the day's bars give.
//
// Only reads. Rows published meanwhile lie above those positions, and a day that is exchanged meanwhile is read again.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "app/data_dir/damage.h"
#include "core/result.h"
#include "run/interfaces/log.h"

namespace tidemark {

struct VerifyPublishedOptions {
  std::optional<LakeDay> day;                        // only rows of this day
  std::set<std::string> damaged;                     // paths of unreadable files, which are ignored
  std::array<Position, 2> covered_from{};            // by LakeTable: from here on the log has checksums
  std::function<bool(std::uint64_t records)> watch;  // called with the records done; false stops
};

struct PublishedVerdict {
  std::int64_t trends = 0, bars = 0;  // the rows that were looked for
  std::vector<LostRows> lost;
  std::vector<DamagedFile> others;  // files that contradict rows of the log that have checksums
  std::vector<Damage> damages;
  std::vector<std::string> notes;
};

Result<PublishedVerdict> verify_published(Log& log, const Lake& lake, const VerifyPublishedOptions& options);

}  // namespace tidemark
