// One part of an import into a file of the lake: sorted, the last of each identity, without what the lake says already.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/result.h"
#include "io/parquet/import_rows.h"
#include "io/parquet/lake.h"

namespace tidemark {

struct ImportPartOptions {
  std::string path;         // of the file, which is made when there is something to write
  std::int64_t number = 1;  // of the import
  Position position = -1;   // of its bars
  bool compare_with_lake = true;
};

// Each row is one of these.
struct ImportedPart {
  std::int64_t imported = 0, superseded = 0, identical = 0;
  std::optional<EventTime> first;  // of those imported
};

// The file is synced, its folder is not.
Result<ImportedPart> write_import_part(const Lake& lake, ImportRows& rows, std::size_t part,
                                       const ImportPartOptions& options);

}  // namespace tidemark
