#include "run/interfaces/disk.h"

#include <fmt/core.h>

namespace tidemark {

std::string_view to_string(DiskAbility ability) {
  switch (ability) {
    case DiskAbility::Rename:
      return "rename files";
    case DiskAbility::Exchange:
      return "exchange folders in one step";
    case DiskAbility::Link:
      return "give a file a second name";
    case DiskAbility::Lock:
      return "lock files";
  }
  return "";
}

Error lacking(const Disk& disk, DiskAbility ability, std::string_view path) {
  return Error::setup(
      fmt::format("the disk of {} cannot {}: {}", path, to_string(ability), disk.abilities().why_not(ability)));
}

Result<void> require(const Disk& disk, std::initializer_list<DiskAbility> abilities, std::string_view path) {
  for (const DiskAbility ability : abilities)
    if (!disk.abilities().can(ability)) return std::unexpected(lacking(disk, ability, path));
  return {};
}

}  // namespace tidemark
