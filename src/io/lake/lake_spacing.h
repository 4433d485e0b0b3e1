// Where the bars of a day of the lake lie, symbol by symbol; and whether a Parquet file is one of a lake.
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
// In order of the symbols; only times are read.
Result<std::vector<SymbolSpacing>> read_spacings(const Lake& lake, LakeDay day);

// By its columns: whatever it is called now.
Result<bool> is_lake_file(const Disk& disk, const std::string& path);

}  // namespace tidemark
