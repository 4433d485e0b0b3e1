// The verb redrive: records of dead letters go into the log again, after a fix of the program or of the records.
//
//     letters of the log, chosen ─┐
//                                 ├─▶ not redriven yet ─▶ whole ─▶ a bar by now ─▶ door (app/dead_letters/redrive_target.h)
//     letters mended by somebody ─┘
//
// Who is killed has redriven some of them, and the same command goes on with the others.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "app/config/configuration.h"
#include "run/dead_letters/dead_letters.h"

namespace tidemark {

struct RedriveVerbOptions {
  std::filesystem::path data = "tidemark-data";
  DeadLetterChoice choice;            // of those that were not redriven
  bool again = false;                 // and of those that were
  std::optional<std::string> mended;  // a file of letters that somebody has mended, or "-": instead of the choice
  std::optional<std::filesystem::path> export_to;  // only write the chosen ones to a file, or "-"
  bool dry_run = false;
  bool json = false;
};

using RedriveRequest = Configured<RedriveVerbOptions>;

}  // namespace tidemark
