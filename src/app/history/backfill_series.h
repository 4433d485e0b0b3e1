// Checks that the bars of a backfill fit the lake: bars of one symbol come from one feed, either raw or adjusted.
#pragma once

#include "app/data_dir/lake_place.h"
#include "app/history/backfill.h"
#include "core/result.h"

namespace tidemark {

// Error::setup names the conflicting bars and the cure.
Result<void> check_one_series(const BackfillOptions& options, const LakePlace& place);

}  // namespace tidemark
