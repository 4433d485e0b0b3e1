// An import, for the verbs that bring history into the lake: import itself, and backfill.
#pragma once

#include <string>

#include "app/config/options.h"
#include "core/result.h"

namespace tidemark {

struct Imported {
  Result<int> ended;      // the exit code, what it means already told
  bool is_whole = false;  // its bars are in the lake, whatever became of their trends
  std::string account;    // one JSON object, when it ended well
};

// Watches for Ctrl-C (app/process/signals.h), which the caller has set up. With options.json the account is not printed.
Imported import_files(const ImportOptions& options);

}  // namespace tidemark
