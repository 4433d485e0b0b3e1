// The options of import that say how to read tables (CSV and Parquet).
#pragma once

#include <optional>
#include <string>

#include "app/command_line/option_parser.h"
#include "app/history/import.h"
#include "core/result.h"

namespace tidemark {

// Options as given, until all of them are known.
struct ImportTexts {
  std::string columns;
  std::optional<TimeZone> zone;
  std::optional<TimeFormat> time_format;
  std::optional<char> decimal, thousands;
};

void add_table_options(OptionParser& verb, ImportOptions& options, ImportTexts& texts);
// Call it after parsing.
Result<void> take_table_options(const OptionParser& verb, const ImportTexts& texts, ImportOptions& options);

}  // namespace tidemark
