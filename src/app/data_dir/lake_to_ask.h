// LakeToAsk: the folder of this machine in which questions find a data directory's lake.
//
//     DATA/lake          a lake in the data directory, as it is
//     DATA/lake-cache    copies of a lake that lies elsewhere, brought up to date before each question
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "app/data_dir/lake_place.h"
#include "core/result.h"
#include "io/lake/lake_cache.h"

namespace tidemark {

std::filesystem::path lake_cache_folder(const std::filesystem::path& data);

struct LakeToAsk {
  std::string folder;
  CachedLake copies;  // of a lake that lies elsewhere; they stay as long as this lives
};

struct LakeToAskOptions {
  std::filesystem::path data;
  std::uint64_t most_bytes = 0;  // of the copies: lake-cache
  DayRange days;
  std::function<bool(std::uint64_t done, std::uint64_t of)> watch = [](std::uint64_t, std::uint64_t) { return true; };
};

Result<LakeToAsk> lake_to_ask(const LakePlace& place, const LakeToAskOptions& options);

}  // namespace tidemark
