// PageHistory: fills the page from the log: the newest rows before it is served, older rows while it is being served.
#pragma once

#include <cstddef>

#include "core/result.h"
#include "io/serve/server.h"
#include "run/interfaces/log.h"
#include "run/page/board.h"

namespace tidemark {

class PageHistory {
 public:
  // Adds the newest rows, before the server is started.
  Result<void> restore(Log& log, Board& board);
  // Adds older rows, as many as the board has room for. Ends early if a stop is requested. With five symbols there are
  // none; with ten thousand they take half a second.
  Result<void> add_older(Log& log, Server& server) const;

 private:
  Position end_ = 0;      // in Topic::Trends: restore() added the rows from here on
  std::size_t rows_ = 0;  // before `end_`, for which the board has room
};

}  // namespace tidemark
