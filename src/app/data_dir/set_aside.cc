#include "app/data_dir/set_aside.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <set>

#include "core/time/timestamp.h"

namespace tidemark {
namespace {

namespace fs = std::filesystem;

std::string note_of(const Lake& lake, std::span<const DamagedFile> files) {
  std::string note = fmt::format("Moved out of {} by `tidemark verify`, because they are damaged:\n", lake.folder());
  for (const DamagedFile& each : files)
    note += fmt::format("\n{}/dt={}/{}\n  {}\n", to_string(each.table), to_text(each.day), each.file.name, each.what);
  return note;
}

Result<void> move_file(Disk& disk, const std::string& from, const std::string& to) {
  if (disk.abilities().can(DiskAbility::Rename)) return disk.rename(from, to);
  if (auto copied = disk.copy(from, to); !copied) return copied;
  return disk.remove(from);
}

// Files are moved by rename, which does not work across file systems.
bool lie_on_one_disk(const fs::path& one, const fs::path& other) {
  struct stat first{}, second{};
  return ::stat(one.c_str(), &first) == 0 && ::stat(other.c_str(), &second) == 0 && first.st_dev == second.st_dev;
}

}  // namespace

Result<std::string> set_aside(const Lake& lake, const std::optional<fs::path>& data, std::span<const DamagedFile> files,
                              EventTime now) {
  Disk& disk = lake.disk();
  const auto path_of = [&](const DamagedFile& each) { return lake.path_of(each.table, each.day, each.file.name); };
  std::string time = format_timestamp(std::chrono::floor<std::chrono::seconds>(now));
  std::ranges::replace(time, ':', '-');
  const std::string above = data && lie_on_one_disk(path_of(files.front()), *data) ? (*data / "set-aside").string()
                                                                                   : lake.folder() + "/.set-aside";
  std::string folder = fmt::format("{}/{}", above, time);
  if (auto made = disk.make_folder(folder); !made) return std::unexpected(made.error());
  // The note is written first, so that every file found there later has a reason.
  const auto note = disk.create(folder + "/NOTE");
  if (!note) return std::unexpected(note.error());
  if (auto written = (*note)->append(note_of(lake, files)); !written) return std::unexpected(written.error());
  if (auto synced = (*note)->sync(); !synced) return std::unexpected(synced.error());

  std::set<std::string> changed{folder};
  const auto publishing = lake.lock_publishing();
  if (!publishing) return std::unexpected(publishing.error());
  for (const DamagedFile& each : files) {
    const std::string to = fmt::format("{}/{}/dt={}", folder, to_string(each.table), to_text(each.day));
    if (auto made = disk.make_folder(to); !made) return std::unexpected(made.error());
    if (auto moved = move_file(disk, path_of(each), fmt::format("{}/{}", to, each.file.name)); !moved)
      return std::unexpected(moved.error());
    changed.insert({to, lake.folder_of(each.table, each.day)});
  }
  for (const std::string& each : changed)
    if (auto synced = disk.sync_folder(each); !synced) return std::unexpected(synced.error());
  return folder;
}

}  // namespace tidemark
