// The options that say which rows of an import are let in, and which series they are of.
#pragma once

#include "app/command_line/verb_options.h"
#include "app/history/import.h"

namespace tidemark {

void add_admission_options(Verb& verb, ImportOptions& options);

}  // namespace tidemark
