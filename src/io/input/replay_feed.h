// The replay: files of bars, merged by time or sorted by it, brought as fast or as slowly as asked.
//
//     a.jsonl.gz   09:30 09:31 ?bad 09:32       each file keeps its own order; a line that is no bar stays
//     b.jsonl      09:30 09:33                  behind its predecessor; at the same time the first file goes first
//
// Lines go on unchanged, wrong ones too: the machine judges. What somebody else wrote goes on as it was transcribed
// (contract/semantics.md §7.6). Sorted, all files are read before the first record is brought, and a restart reads them
// again (§7.5). The records end with RecordKind::End.
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
  // Market seconds per wall second, > 0; none: as fast as the log takes it. Where the market was silent for more
  // than 30 minutes, the pause is skipped.
  std::optional<double> speed;
};

// The clock must outlive the feed.
std::unique_ptr<Feed> make_replay_feed(ReplayFeedOptions options, const Clock& clock);

}  // namespace tidemark
