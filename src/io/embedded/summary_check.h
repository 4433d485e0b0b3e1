// The comparison of what is in a log.db with the latest summary in it.
#pragma once

#include <optional>
#include <string>

#include "core/result.h"
#include "io/embedded/sqlite.h"
#include "io/embedded/summary.h"

namespace tidemark {

class SummaryCheck {
 public:
  Result<void> prepare(Connection& connection, const std::string& path);
  // Within a transaction, so that all is of one moment. The summary, or damage with the table that does not fit.
  Result<Summary> compare();

 private:
  Result<Summary> latest();

  std::string path_;
  std::optional<Statement> summaries_, found_;
};

}  // namespace tidemark
