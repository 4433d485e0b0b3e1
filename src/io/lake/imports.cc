#include "io/lake/imports.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "core/time/day_text.h"

namespace tidemark {
namespace {

constexpr std::string_view mark_of_commit = ".committed";
constexpr std::string_view writing = ".writing", showing = ".showing", account = ".json", recompute = ".recompute";

std::string numbered(std::int64_t number, std::string_view suffix) { return fmt::format("{:06}{}", number, suffix); }

// The number in a name with this suffix; without `suffix`, with any.
std::optional<std::int64_t> number_of(std::string_view name, std::string_view suffix = {}) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  const std::string_view rest{end, name.data() + name.size()};
  if (error != std::errc{} || number <= 0 || (suffix.empty() ? !rest.starts_with('.') : rest != suffix)) return {};
  return number;
}

// "2026-11-22.000000"
struct PartName {
  LakeDay day;
  std::int64_t part;
};
std::optional<PartName> parse_part_name(std::string_view name) {
  const auto day = parse_day(name.substr(0, 10));
  std::int64_t part = 0;
  if (!day || name.size() < 12 || name[10] != '.') return std::nullopt;
  const auto [end, error] = std::from_chars(name.data() + 11, name.data() + name.size(), part);
  if (error != std::errc{} || end != name.data() + name.size()) return std::nullopt;
  return PartName{*day, part};
}

}  // namespace

std::string Imports::working_folder(std::int64_t number) const {
  return fmt::format("{}/{}", folder_, numbered(number, writing));
}
std::string Imports::showing_folder(std::int64_t number) const {
  return fmt::format("{}/{}", folder_, numbered(number, showing));
}
std::string Imports::account_path(std::int64_t number) const {
  return fmt::format("{}/{}", folder_, numbered(number, account));
}
std::string Imports::path_of_part(std::int64_t number, LakeDay day, std::size_t part) const {
  return fmt::format("{}/{}.{:06}", working_folder(number), to_text(day), part);
}

Result<std::vector<std::int64_t>> Imports::finish_killed() const {
  const auto names = lake_.disk().list(folder_);
  if (!names) return std::unexpected(names.error());
  std::vector<std::int64_t> finished;
  for (const std::string& name : *names) {
    auto number = number_of(name, showing);
    if (const auto begun = number_of(name, writing)) {
      const auto committed = is_committed(*begun);
      if (!committed) return std::unexpected(committed.error());
      if (*committed)
        number = begun;
      else if (auto removed = lake_.disk().remove_folder(fmt::format("{}/{}", folder_, name)); !removed)
        return std::unexpected(removed.error());
    }
    if (number) {
      if (auto shown = show(*number); !shown) return std::unexpected(shown.error());
      finished.push_back(*number);
    }
  }
  return finished;
}

Result<std::int64_t> Imports::begin() const {
  std::int64_t last = 0;
  const auto names = lake_.disk().list(folder_);
  if (!names) return std::unexpected(names.error());
  for (const std::string& name : *names) last = std::max(last, number_of(name).value_or(0));
  const auto days = lake_.days(LakeTable::Bars);
  if (!days) return std::unexpected(days.error());
  for (const LakeDay day : *days) {
    const auto files = lake_.files(LakeTable::Bars, day);
    if (!files) return std::unexpected(files.error());
    for (const LakeFile& file : *files) last = std::max(last, file.imported);
  }
  if (auto made = lake_.disk().make_folder(working_folder(last + 1)); !made) return std::unexpected(made.error());
  return last + 1;
}

void Imports::give_up(std::int64_t number) const { (void)lake_.disk().remove_folder(working_folder(number)); }

Result<void> Imports::write(const std::string& path, std::string_view text) const {
  auto file = lake_.disk().create(path);
  if (!file) return std::unexpected(file.error());
  if (auto written = (*file)->append(text); !written) return written;
  return (*file)->sync();
}

Result<void> Imports::commit(std::int64_t number, const std::string& text, const std::set<LakeDay>& days) const {
  const std::string folder = working_folder(number);
  std::string list;
  for (const LakeDay day : days) list += to_text(day) + '\n';
  if (auto written = write(folder + '/' + numbered(number, account), text); !written) return written;
  if (!days.empty())
    if (auto written = write(folder + '/' + numbered(number, recompute), list); !written) return written;
  if (auto synced = lake_.disk().sync_folder(folder); !synced) return synced;
  if (!renames()) return write(fmt::format("{}/{}", folder, mark_of_commit), "");
  if (auto renamed = lake_.disk().rename(folder, showing_folder(number)); !renamed) return renamed;
  return lake_.disk().sync_folder(folder_);
}

std::string Imports::committed_folder(std::int64_t number) const {
  return renames() ? showing_folder(number) : working_folder(number);
}

Result<bool> Imports::is_committed(std::int64_t number) const {
  if (renames()) return false;  // then it would have another name
  const auto names = lake_.disk().list(working_folder(number));
  if (!names) return std::unexpected(names.error());
  return std::ranges::find(*names, mark_of_commit) != names->end();
}

Result<void> Imports::place(const std::string& from, const std::string& to) const {
  return renames() ? lake_.disk().rename(from, to) : lake_.disk().copy(from, to);
}

// Files that an earlier attempt has published are no longer in the folder, or are published again as they are.
Result<void> Imports::show(std::int64_t number) const {
  Disk& disk = lake_.disk();
  const std::string folder = committed_folder(number);
  const auto names = disk.list(folder);
  if (!names) return std::unexpected(names.error());
  const auto publishing = lake_.lock_publishing();
  if (!publishing) return std::unexpected(publishing.error());
  std::set<std::string> to_sync;
  for (const std::string& name : *names) {
    if (name == mark_of_commit) continue;
    std::string to = fmt::format("{}/{}", folder_, name);
    if (const auto part = parse_part_name(name)) {
      const std::string day = lake_.folder_of(LakeTable::Bars, part->day);
      if (auto made = disk.make_folder(day); !made) return made;
      to_sync.insert(day);
      to = lake_.path_of(LakeTable::Bars, part->day, import_name(number, part->part));
    }
    if (auto shown = place(fmt::format("{}/{}", folder, name), to); !shown) return shown;
  }
  to_sync.insert(folder_);
  for (const std::string& each : to_sync)
    if (auto synced = disk.sync_folder(each); !synced) return synced;
  if (!renames())
    if (auto removed = disk.remove(fmt::format("{}/{}", folder, mark_of_commit)); !removed) return removed;
  return disk.remove_folder(folder);
}

Result<std::set<LakeDay>> Imports::read_days(const std::string& path) const {
  const auto file = lake_.disk().open(path);
  if (!file) return std::unexpected(file.error());
  std::string text((*file)->size(), '\0');
  if (auto read = (*file)->read(0, text); !read) return std::unexpected(read.error());
  std::set<LakeDay> days;
  for (std::string_view rest = text; rest.size() > 10; rest.remove_prefix(11))
    if (const auto day = parse_day(rest.substr(0, 10))) days.insert(*day);
  return days;
}

Result<std::set<LakeDay>> Imports::days_to_recompute() const {
  const auto names = lake_.disk().list(folder_);
  if (!names) return std::unexpected(names.error());
  std::set<LakeDay> all;
  for (const std::string& name : *names) {
    if (!number_of(name, recompute)) continue;
    auto days = read_days(fmt::format("{}/{}", folder_, name));
    if (!days) return days;
    all.merge(*days);
  }
  return all;
}

Result<void> Imports::recomputed(const std::set<LakeDay>& done) const {
  const auto names = lake_.disk().list(folder_);
  if (!names) return std::unexpected(names.error());
  for (const std::string& name : *names) {
    if (!number_of(name, recompute)) continue;
    const std::string path = fmt::format("{}/{}", folder_, name);
    const auto days = read_days(path);
    if (!days) return std::unexpected(days.error());
    std::string left;
    for (const LakeDay day : *days)
      if (!done.contains(day)) left += to_text(day) + '\n';
    if (left.size() == days->size() * 11) continue;
    if (left.empty()) {
      if (auto removed = lake_.disk().remove(path); !removed) return removed;
      continue;
    }
    if (!renames()) {
      if (auto written = write(path, left); !written) return written;
      continue;
    }
    const std::string anew = fmt::format("{}/.{}", folder_, name);
    if (auto written = write(anew, left); !written) return written;
    if (auto renamed = lake_.disk().rename(anew, path); !renamed) return renamed;
  }
  return lake_.disk().sync_folder(folder_);
}

}  // namespace tidemark
