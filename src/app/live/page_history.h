// PageHistory: what a page begins with: the newest rows of the log at once, those before them while it is served already.
#pragma once

#include <cstddef>

#include "core/result.h"
#include "io/serve/server.h"
#include "run/interfaces/log.h"
#include "run/page/board.h"

namespace tidemark {

class PageHistory {
 public:
  // The newest rows, before the server is started.
  Result<void> restore(Log& log, Board& board);
  // The rows before those, as many as the board has room for; ends early when a stop is requested. With five symbols there
  // are none, with ten thousand they take half a second.
  Result<void> add_older(Log& log, Server& server) const;

 private:
  Position end_ = 0;      // in Topic::Trends: from here on the board has begun with them
  std::size_t rows_ = 0;  // before it, for which the board has room
};

}  // namespace tidemark
