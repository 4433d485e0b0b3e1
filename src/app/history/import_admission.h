// The options that say which rows of an import are let in, and which series they are of.
#pragma once

#include "app/command_line/option_parser.h"
#include "app/history/import.h"

namespace tidemark {

void add_admission_options(OptionParser& verb, ImportOptions& options);

}  // namespace tidemark
