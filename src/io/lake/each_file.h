// The files of a table of the lake, day after day.
#pragma once

#include "core/result.h"
#include "io/lake/lake.h"

namespace tidemark {

// take(day, file) of each; the first error ends it.
template <typename Take>
Result<void> each_file(const Lake& lake, LakeTable table, Take take) {
  const auto days = lake.days(table);
  if (!days) return std::unexpected(days.error());
  for (const LakeDay day : *days) {
    const auto files = lake.files(table, day);
    if (!files) return std::unexpected(files.error());
    for (const LakeFile& file : *files)
      if (Result<void> taken = take(day, file); !taken) return taken;
  }
  return {};
}

}  // namespace tidemark
