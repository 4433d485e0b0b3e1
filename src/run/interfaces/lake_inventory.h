// LakeInventory: which days the lake has, and how large they are.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/result.h"

namespace tidemark {

struct DaySize {
  std::uint64_t files = 0, rows = 0, bytes = 0;
  friend bool operator==(const DaySize&, const DaySize&) = default;
};

class LakeInventory {
 public:
  virtual ~LakeInventory() = default;
  // The days of a table with a folder, oldest first: "2026-11-22".
  virtual Result<std::vector<std::string>> days(const std::string& table) = 0;
  // The names of a day's files, sorted; none if it has no folder.
  virtual Result<std::vector<std::string>> files(const std::string& table, const std::string& day) = 0;
  // Reads the footer of each file.
  virtual Result<DaySize> size(const std::string& table, const std::string& day) = 0;
};

}  // namespace tidemark
