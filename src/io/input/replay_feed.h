// The replay: files of bars, merged or sorted by time, at the requested speed.
//
//     a.jsonl.gz   09:30 09:31 ?bad 09:32       each file keeps its own order; a line that is no bar
//     b.jsonl      09:30 09:33                  follows its predecessor; at equal times the first file goes first
//
// Lines are passed on unchanged, invalid ones too, because only the machine decides what a record is. Foreign formats
// are passed on as transcribed (contract/semantics.md §7.6). When sorting, all files are read before the first record
// is returned, and a restart reads them again (§7.5). The records end with RecordKind::End.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/transcribe/bar_format.h"
#include "run/interfaces/clock.h"
#include "run/interfaces/feed.h"

namespace tidemark {

struct ReplayFeedOptions {
  std::vector<std::string> files;  // at least one; plain, gzip, Zstandard or ZIP
  TranscribeOptions transcribe{.format = BarFormat::Auto};
  bool sort = false;
  std::uint64_t sort_memory_bytes = 512'000'000;
  // Market seconds per wall second, > 0; empty: as fast as the log accepts. Pauses of the market of more than 30
  // minutes are skipped.
  std::optional<double> speed;
};

// The clock must outlive the feed.
std::unique_ptr<Feed> make_replay_feed(ReplayFeedOptions options, const Clock& clock);

}  // namespace tidemark
