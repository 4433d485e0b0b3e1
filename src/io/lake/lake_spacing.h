// The spacing of bars on a day of the lake, and whether a Parquet file comes from a lake.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/market/bar_spacing.h"
#include "core/result.h"
#include "io/lake/lake.h"

namespace tidemark {

struct SymbolSpacing {
  std::string symbol;
  BarSpacing spacing;
};
// In the order of symbols. Only times are read.
Result<std::vector<SymbolSpacing>> read_spacings(const Lake& lake, LakeDay day);

// Decides by columns, whatever the name of the file.
Result<bool> is_lake_file(const Disk& disk, const std::string& path);

}  // namespace tidemark
