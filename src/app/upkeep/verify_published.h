// Log and lake against one another: every row that the log has published and still holds is in the lake, exactly once and
// with the same values.
//
//     the store's positions ─▶ the log's rows below them, a million at a time ─▶ the files of their days ─▶ each row once?
//
// A trend of the lake may say something else than the log's where its day was made anew: then it must be what the day's bars give.
//
// Only reads. What is published meanwhile lies above those positions, and a day that is exchanged meanwhile is read again.
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
  std::optional<LakeDay> day;                        // only rows of this one
  std::set<std::string> damaged;                     // paths of files that cannot be read: as if they were not there
  std::array<Position, 2> covered_from{};            // by LakeTable: the log's rows from there on have a checksum
  std::function<bool(std::uint64_t records)> watch;  // told how many records are done; false ends it
};

struct PublishedVerdict {
  std::int64_t trends = 0, bars = 0;  // that were looked for
  std::vector<LostRows> lost;
  std::vector<DamagedFile> others;  // files that say something else than the log, whose rows have checksums
  std::vector<Damage> damages;
  std::vector<std::string> notes;
};

Result<PublishedVerdict> verify_published(Log& log, const Lake& lake, const VerifyPublishedOptions& options);

}  // namespace tidemark
