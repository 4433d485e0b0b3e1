// Checks a file of the lake down to its last page.
//
//     first and last bytes ─▶ the footer and the places of its parts ─▶ types of columns ─▶ every page of every column,
//     its checksum and its values ─▶ the statistics by which readers skip rows ─▶ the day of the rows
#pragma once

#include <cstdint>
#include <string>

#include "core/result.h"
#include "io/lake/lake.h"

namespace tidemark {

struct CheckedFile {
  std::int64_t rows = 0;
  std::uint64_t bytes = 0;
  int contract = 1;  // of the program that wrote it
};

// A permanent error names the damage. A retryable error means that the disk could not be read.
Result<CheckedFile> check_lake_file(const Lake& lake, LakeTable table, LakeDay day, const LakeFile& file);

}  // namespace tidemark
