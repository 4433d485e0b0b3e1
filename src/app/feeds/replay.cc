// The feed replay: recorded files, at a speed.
#include <fmt/format.h>

#include <utility>

#include "app/config/feed_spec.h"
#include "app/data_dir/check.h"
#include "io/input/readable.h"
#include "io/input/replay_feed.h"

namespace tidemark {
namespace {

Result<void> check_input(const RunOptions& options) {
  for (const auto& file : options.files)
    if (auto readable = check_readable(file.string()); !readable) return readable;
  return {};
}

std::vector<Check> checks(const RunOptions& options) {
  std::vector<Check> findings;
  for (const auto& file : options.files) {
    if (const auto readable = check_readable(file.string()); !readable)
      findings.push_back({Health::Failure, "replay", readable.error().message(), "name a file that can be read"});
    else
      findings.push_back(
          {Health::Ok, "replay",
           file == "-" ? "standard input can be read once" : fmt::format("{} can be read", file.string())});
  }
  return findings;
}

Result<std::unique_ptr<Feed>> make(const RunOptions& options, const SymbolList& /*symbols*/, const FeedNeeds& needs) {
  ReplayFeedOptions replay{.files = {},
                           .transcribe = options.transcribe,
                           .sort = options.sort.sort,
                           .sort_memory_bytes = options.sort.memory_bytes,
                           .speed = options.speed};
  for (const auto& file : options.files) replay.files.push_back(file.string());
  return make_replay_feed(std::move(replay), needs.clock);
}

}  // namespace

extern const FeedSpec replay_feed{.name = "replay",
                                  .help = "files",
                                  .reads_files = true,
                                  .check_input = check_input,
                                  .checks_here = checks,
                                  .make = make};

}  // namespace tidemark
