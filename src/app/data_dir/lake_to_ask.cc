#include "app/data_dir/lake_to_ask.h"

#include <utility>

#include "io/disk/posix_disk.h"

namespace tidemark {

std::filesystem::path lake_cache_folder(const std::filesystem::path& data) { return data / "lake-cache"; }

Result<LakeToAsk> lake_to_ask(const LakePlace& place, const LakeToAskOptions& options) {
  if (place.is_local()) return LakeToAsk{.folder = place.folder(), .copies = {}};
  if (auto is_there = place.expect_lake(); !is_there) return std::unexpected(is_there.error());
  const auto disk = make_posix_disk(private_modes);
  const Lake lake = place.lake();
  std::string folder = lake_cache_folder(options.data).string();
  LakeCache cache(lake, *disk, {.folder = folder, .most_bytes = options.most_bytes, .watch = options.watch});
  auto copies = cache.bring_up_to_date(options.days);
  if (!copies) return std::unexpected(copies.error());
  return LakeToAsk{.folder = std::move(folder), .copies = std::move(*copies)};
}

}  // namespace tidemark
