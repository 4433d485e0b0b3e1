// The filter: lines in, final trends out; what it is asked to do.
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
  bool updates = false;    // also the provisional rows
  bool keep_open = false;  // the end of the input does not close the windows that are still open
  bool stats = false;      // one line of JSON on standard error: the account
  std::size_t threads = 1;
  std::optional<std::filesystem::path> output;   // none: standard output
  std::optional<std::filesystem::path> late;     // where late bars go
  std::optional<std::filesystem::path> rejects;  // where records that are no bars go, with the reason
};

// Returns an exit code, and has already told why it is not 0.
int filter_trends(const TrendsOptions& options);

}  // namespace tidemark
