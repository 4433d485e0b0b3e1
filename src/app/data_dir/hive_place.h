// Where Hive finds the lake of these settings, and where its metastore is.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/config/run_options.h"
#include "app/data_dir/lake_place.h"
#include "core/result.h"
#include "run/interfaces/lake_inventory.h"
#include "run/interfaces/metastore.h"

namespace tidemark {

// The tables as they should be. The lake's URI is hive-location, or follows from the place of the lake: file:// of a local
// one, hdfs:// of one in HDFS (its NameNode is asked), s3a:// of one in S3. An error that may pass is retryable.
Result<std::vector<CatalogTable>> hive_tables_of(const RunOptions& options, const LakePlace& place);

// The metastore of the setting hive, which is set. It is told the user whom that names, else the lake's, else the process's.
std::unique_ptr<Metastore> open_metastore(const RunOptions& options, const LakePlace& place);

// The lake's days. Outlived by the disk of the place.
std::unique_ptr<LakeInventory> open_inventory(const LakePlace& place);

}  // namespace tidemark
