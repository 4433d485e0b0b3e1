// The verb hive: what a metastore knows of the lake's tables against what the lake holds, and how that is put right.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/config/configuration.h"
#include "run/catalog/registration.h"

namespace tidemark {

struct HiveOptions {
  std::filesystem::path data = "tidemark-data";
  bool mend = false;
  bool json = false;
};

using HiveRequest = Configured<HiveOptions>;

// One line a table, and one for each thing that is wrong with it.
std::string hive_report_for_eyes(const std::vector<TableReport>& tables);
std::string hive_report_as_json(const std::vector<TableReport>& tables);

}  // namespace tidemark
