// The options that decide which rows an import admits, and which series they belong to.
#pragma once

#include "app/command_line/option_parser.h"
#include "app/history/import.h"

namespace tidemark {

void add_admission_options(OptionParser& verb, ImportOptions& options);

}  // namespace tidemark
