// RowIdentity: the identity and the values of a row as two hashes, to check that each row of the log is in the lake
// once, with the same values.
//
// The identity of a trend is its symbol and window; that of a bar is its symbol, time and position in the log. The
// values are all other columns. Hashes of different rows collide with a probability of 2^-64.
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

// Values as the lake stores them: measures of trends as doubles, a vwap of 0 as null (contract 2.7).
std::uint64_t values_of(const Trend& trend);
std::uint64_t values_of(const JudgedBar& bar);

struct RowPrint {
  RowIdentity identity;
  std::uint64_t values;
};

// The hashes of all rows of a file, in order.
Result<std::vector<RowPrint>> read_row_prints(const Lake& lake, LakeTable table, LakeDay day, const LakeFile& file);

// The size of the first window in a file of trends; none if it has no rows.
Result<std::optional<Duration>> window_size_in(const Lake& lake, LakeDay day, const LakeFile& file);

}  // namespace tidemark
