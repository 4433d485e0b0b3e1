// Which row of the log a row of the lake is, as one number: to find out whether each is there once.
//
// Of a trend: symbol and window. Of a bar: symbol, time and its place in the log. Numbers of different rows are equal by
// one chance in 2^64.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/market/bar.h"
#include "core/market/trend.h"
#include "core/result.h"
#include "core/time/time.h"
#include "io/lake/lake.h"

namespace tidemark {

using RowIdentity = std::uint64_t;

RowIdentity identity_of(const Trend& trend);
RowIdentity identity_of(const JudgedBar& bar);

// Of all rows of a file, in its order.
Result<std::vector<RowIdentity>> read_identities(const Lake& lake, LakeTable table, LakeDay day, const LakeFile& file);

// How long the windows are that a file of trends begins with; none when it has no row.
Result<std::optional<Duration>> window_size_in(const Lake& lake, LakeDay day, const LakeFile& file);

}  // namespace tidemark
