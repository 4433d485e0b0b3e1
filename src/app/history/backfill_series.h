// Whether a lake may take the bars of a backfill: those of a symbol come from one feed, raw or adjusted.
#pragma once

#include "app/history/backfill.h"
#include "core/result.h"

namespace tidemark {

// Error::setup names what is there instead, and what to do.
Result<void> check_one_series(const BackfillOptions& options);

}  // namespace tidemark
