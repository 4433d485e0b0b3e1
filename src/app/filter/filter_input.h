// The filter's input: blocks of lines as they come, or in order of time.
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
  // The next block; false at the end, or when `stop_descriptor` became readable while it waited.
  virtual Result<bool> next(LineBlock& block, int stop_descriptor) = 0;
  // Messages that were no bars, by their kind.
  virtual const std::map<std::string, std::int64_t, std::less<>>& skipped() const = 0;
};

// A name that cannot be opened is Error::setup, at once.
Result<std::unique_ptr<BlockInput>> open_filter_input(const TrendsOptions& options);

}  // namespace tidemark
