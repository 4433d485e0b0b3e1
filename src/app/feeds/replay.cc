// The feed replay: recorded files, at a speed.
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "app/config/feed_spec.h"
#include "app/data_dir/check.h"
#include "io/input/replay_feed.h"

namespace tidemark {
namespace {

// "-" is standard input.
Result<void> check_input(const RunOptions& options) {
  for (const auto& file : options.files)
    if (file != "-" && ::access(file.c_str(), R_OK) != 0)
      return std::unexpected(Error::setup(fmt::format("cannot open {}: {}", file.string(), std::strerror(errno))));
  return {};
}

std::vector<Check> checks(const RunOptions& options) {
  std::vector<Check> findings;
  for (const auto& file : options.files) {
    std::FILE* opened = std::fopen(file.c_str(), "rb");
    if (opened == nullptr) {
      findings.push_back(
          {Health::Failure, "replay", fmt::format("{} cannot be read", file.string()), "name a file that exists"});
    } else {
      std::fclose(opened);
      findings.push_back({Health::Ok, "replay", fmt::format("{} can be read", file.string())});
    }
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
