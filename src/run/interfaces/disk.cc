#include "run/interfaces/disk.h"

#include <fmt/core.h>

#include <algorithm>

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

Result<void> Disk::copy(const std::string& from, const std::string& to) {
  constexpr std::size_t piece = 1 << 20;
  const auto source = open(from);
  if (!source) return std::unexpected(source.error());
  const auto target = create(to);
  if (!target) return std::unexpected(target.error());
  std::string bytes(static_cast<std::size_t>(std::min<std::uint64_t>((*source)->size(), piece)), '\0');
  for (std::uint64_t done = 0; done < (*source)->size();) {
    const auto read = (*source)->read(done, bytes);
    if (!read) return std::unexpected(read.error());
    if (*read == 0) return std::unexpected(Error::retryable(fmt::format("{} ended while it was copied", from)));
    if (auto written = (*target)->append(std::string_view(bytes).substr(0, *read)); !written) return written;
    done += *read;
  }
  return (*target)->sync();
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
