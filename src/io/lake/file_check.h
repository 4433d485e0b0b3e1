// A file of the lake, read to its last page: is it what was written?
//
//     first and last bytes ─▶ the footer, and whether its parts lie where it says ─▶ the columns' types ─▶ every page of every
//     column, by its checksum and by decoding it ─▶ the statistics that readers skip rows by ─▶ the rows' day
#pragma once

#include <cstdint>
#include <string>

#include "core/result.h"
#include "io/lake/lake.h"

namespace tidemark {

struct CheckedFile {
  std::int64_t rows = 0;
  std::uint64_t bytes = 0;
  int contract = 1;  // that the program which wrote it computed by
};

// A permanent error says what is damaged; one that can be tried again, that the disk did not let it be read.
Result<CheckedFile> check_lake_file(const Lake& lake, LakeTable table, LakeDay day, const LakeFile& file);

}  // namespace tidemark
