// --columns for bars that are lists: the place of each field, and the symbol.
//
//     --columns symbol=@BTC-USD,timestamp=1,low=2,high=3,open=4,close=5,volume=6
#pragma once

#include <span>

#include "core/result.h"
#include "core/transcribe/bar_format.h"
#include "core/wire/table_columns.h"

namespace tidemark {

// Error::setup for a column that is no number from 1 to 99, and for a value of any field but the symbol.
Result<void> take_list_columns(std::span<const ColumnChoice> choices, TranscribeOptions& options);

}  // namespace tidemark
