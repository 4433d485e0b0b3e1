#include "app/upkeep/restored_lake.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "app/upkeep/backup_manifest.h"
#include "io/disk/posix_disk.h"

namespace tidemark {
namespace {

constexpr std::string_view marker_name = ".restoring", owner_name = ".owner";

}  // namespace

RestoredLake::RestoredLake(const LakePlace& place, std::string staging, unsigned lake_mode)
    : place_(place),
      staging_(std::move(staging)),
      own_disk_(place.is_local() ? make_posix_disk(lake_modes(lake_mode)) : nullptr) {}

Result<bool> RestoredLake::has(std::string_view name) const {
  const auto names = place_.disk().list(place_.folder());
  if (!names) return std::unexpected(names.error());
  return std::ranges::find(*names, name) != names->end();
}

Result<void> RestoredLake::check_is_free() const {
  if (place_.is_local()) return {};
  if (auto probed = place_.probe(); !probed) return probed;
  const auto begun = has(marker_name);
  if (!begun) return std::unexpected(begun.error());
  if (*begun) return {};
  for (const std::string_view name : {to_string(LakeTable::Trends), to_string(LakeTable::Bars), owner_name}) {
    const auto there = has(name);
    if (!there) return std::unexpected(there.error());
    if (*there)
      return std::unexpected(Error::setup(
          fmt::format("lake: there is a lake at {} already, and nothing is written over; name another place, or move "
                      "that one away",
                      place_.text())));
  }
  return {};
}

Result<void> RestoredLake::begin() {
  if (place_.is_local()) return {};
  is_begun_ = true;
  if (auto made = place_.disk().make_folder(place_.folder()); !made) return made;
  const auto file = place_.disk().create(marker());
  if (!file) return std::unexpected(file.error());
  if (auto written = (*file)->append("tidemark restore"); !written) return written;
  if (auto synced = (*file)->sync(); !synced) return synced;
  return clear();
}

Result<void> RestoredLake::clear() const {
  for (const LakeTable table : {LakeTable::Trends, LakeTable::Bars})
    if (auto removed = place_.disk().remove_folder(fmt::format("{}/{}", place_.folder(), to_string(table))); !removed)
      return removed;
  const auto owned = has(owner_name);
  if (!owned) return std::unexpected(owned.error());
  return *owned ? place_.disk().remove(fmt::format("{}/{}", place_.folder(), owner_name)) : Result<void>();
}

std::string RestoredLake::path_of(std::string_view name) const {
  if (place_.is_local()) return fmt::format("{}/{}", staging_, name);
  return place_.folder() + std::string(name.substr(lake_folder_name.size()));
}

Result<void> RestoredLake::claim() const { return place_.is_local() ? Result<void>() : place_.claim(staging_); }

Result<void> RestoredLake::finish() const {
  return place_.is_local() ? Result<void>() : place_.disk().remove(marker());
}

void RestoredLake::give_up() {
  if (!is_begun_) return;
  if (clear()) (void)place_.disk().remove(marker());
}

}  // namespace tidemark
