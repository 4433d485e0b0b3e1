// The verb redrive: appends the records of dead letters to the log again, after a fix of the program or of the records.
//
//     chosen dead letters ────────┐
//                                 ├─▶ not redriven yet ─▶ whole ─▶ a bar by now ─▶ app/dead_letters/redrive_target.h
//     mended dead letters ────────┘
//
// After a kill some of them have been redriven, and the same command continues with the others.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "app/config/configuration.h"
#include "run/dead_letters/dead_letters.h"

namespace tidemark {

struct RedriveVerbOptions {
  std::filesystem::path data = "tidemark-data";
  DeadLetterChoice choice;                         // among those not yet redriven
  bool again = false;                              // also among those already redriven
  std::optional<std::string> mended;               // a file of mended dead letters, or "-"; replaces the choice
  std::optional<std::filesystem::path> export_to;  // only write the chosen ones to this file, or "-"
  bool dry_run = false;
  bool json = false;
};

using RedriveRequest = Configured<RedriveVerbOptions>;

}  // namespace tidemark
