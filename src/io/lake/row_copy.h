// Copies the rows of LakeRows into a file of the lake, column by column, a slice of rows at a time. Each slice becomes a row
// group, so a day of any size needs little memory.
#pragma once

#include <cstddef>
#include <string>

#include "core/result.h"
#include "io/lake/lake_rows.h"

namespace tidemark {

// Creates the file at `path` with the lake's codec and the oldest contract of the rows' files. It is synced; its folder is
// not.
Result<void> copy_rows(const Lake& lake, LakeTable table, const LakeRows& rows, const std::string& path,
                       std::size_t rows_per_group);

}  // namespace tidemark
