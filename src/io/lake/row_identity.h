// Which row of the log a row of the lake is, and what it says, as two numbers: to find out whether each is there once, with
// the same values.
//
// The identity is of a trend its symbol and window, of a bar its symbol, time and place in the log; the values are all
// other columns. Numbers of different rows are equal by one chance in 2^64.
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

// As the lake holds them: numbers of a trend are doubles there. A vwap of 0 is none (contract 2.7).
std::uint64_t values_of(const Trend& trend);
std::uint64_t values_of(const JudgedBar& bar);

struct RowPrint {
  RowIdentity identity;
  std::uint64_t values;
};

// Of all rows of a file, in its order.
Result<std::vector<RowPrint>> read_row_prints(const Lake& lake, LakeTable table, LakeDay day, const LakeFile& file);

// How long the windows are that a file of trends begins with; none when it has no row.
Result<std::optional<Duration>> window_size_in(const Lake& lake, LakeDay day, const LakeFile& file);

}  // namespace tidemark
