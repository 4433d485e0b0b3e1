// The filter: lines in, final trends out.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "app/config/run_options.h"
#include "core/stream/window_spec.h"
#include "core/transcribe/bar_format.h"

namespace tidemark {

struct TrendsOptions {
  std::vector<std::string> files;  // read one after the other; "-" is standard input; none = standard input
  TranscribeOptions transcribe{.format = BarFormat::Auto};
  SortOptions sort;
  WindowSpec windows;
  bool updates = false;    // also writes provisional rows
  bool indicators = false;  // rows end with the indicators (contract/semantics.md §8)
  bool keep_open = false;  // the end of the input closes no window
  bool stats = false;      // writes the account as one line of JSON to standard error
  std::size_t threads = 1;
  std::optional<std::filesystem::path> output;   // none: standard output
  std::optional<std::filesystem::path> late;     // receives late bars
  std::optional<std::filesystem::path> rejects;  // receives records that are no bars, with the reason
};

// Returns an exit code. The reason for any code but 0 has been printed.
int filter_trends(const TrendsOptions& options);

}  // namespace tidemark
