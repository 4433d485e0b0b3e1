// The filter's input: blocks of lines, in input order or sorted by time.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "app/filter/line_blocks.h"
#include "app/filter/trends.h"
#include "core/result.h"

namespace tidemark {

class BlockInput {
 public:
  virtual ~BlockInput() = default;
  // Reads the next block. False at the end, or if `stop_descriptor` became readable during the wait.
  virtual Result<bool> next(LineBlock& block, int stop_descriptor) = 0;
  // The number of messages that were no bars, by kind.
  virtual const std::map<std::string, std::int64_t, std::less<>>& skipped() const = 0;
};

// A file that cannot be opened is Error::setup, at once.
Result<std::unique_ptr<BlockInput>> open_filter_input(const TrendsOptions& options);

}  // namespace tidemark
