#include "io/lake/lake.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>

#include "core/time/day_text.h"
#include "core/time/timestamp.h"

namespace tidemark {
namespace {

constexpr std::string_view day_prefix = "dt=";
constexpr std::string_view file_suffix = ".parquet";
constexpr std::string_view import_kind = "import";

std::string_view kind_of(LakeTable table) { return table == LakeTable::Trends ? "trends" : "bars"; }

// "-" and digits, taken off the front.
std::optional<std::int64_t> take_number(std::string_view& text) {
  if (!text.starts_with('-')) return std::nullopt;
  std::int64_t number = 0;
  const auto [rest, error] = std::from_chars(text.data() + 1, text.data() + text.size(), number);
  if (error != std::errc{} || number < 0) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(rest - text.data()));
  return number;
}

bool is_parquet(std::string_view name) { return name.ends_with(file_suffix) && !name.starts_with('.'); }

}  // namespace

std::string to_text(LakeDay day) { return format_date(EventTime{day}); }

std::optional<LakeFile> parse_lake_file(LakeTable table, std::string_view name) {
  if (!is_parquet(name)) return std::nullopt;
  LakeFile file{.name = std::string(name)};
  std::string_view rest = name.substr(0, name.size() - file_suffix.size());
  const bool is_import = table == LakeTable::Bars && rest.starts_with(import_kind);
  const std::string_view kind = is_import ? import_kind : kind_of(table);
  if (!rest.starts_with(kind)) return std::nullopt;
  rest.remove_prefix(kind.size());
  const auto first = take_number(rest), second = take_number(rest);
  if (!first || !second) return std::nullopt;
  if (is_import) {
    file.imported = *first;
    file.part = *second;
    return rest.empty() && file.imported > 0 ? std::optional(file) : std::nullopt;
  }
  file.from = *first;
  file.to = *second;
  if (!rest.empty()) {
    const auto part = take_number(rest);
    if (!part) return std::nullopt;
    file.part = *part;
  }
  return rest.empty() && file.from <= file.to ? std::optional(file) : std::nullopt;
}

std::string published_name(LakeTable table, Position from, Position to, std::int64_t part) {
  const std::string name = fmt::format("{}-{:012}-{:012}", kind_of(table), from, to);
  return part == 0 ? fmt::format("{}{}", name, file_suffix) : fmt::format("{}-{:06}{}", name, part, file_suffix);
}

std::string import_name(std::int64_t number, std::int64_t part) {
  return fmt::format("{}-{:06}-{:06}{}", import_kind, number, part, file_suffix);
}

std::string Lake::table_folder(LakeTable table) const { return fmt::format("{}/{}", folder_, to_string(table)); }

std::string Lake::folder_of(LakeTable table, LakeDay day) const {
  return fmt::format("{}/{}{}", table_folder(table), day_prefix, to_text(day));
}

std::string Lake::path_of(LakeTable table, LakeDay day, std::string_view name) const {
  return fmt::format("{}/{}", folder_of(table, day), name);
}

std::string Lake::anew_folder(LakeTable table, LakeDay day) const {
  return fmt::format("{}/.anew/{}.{}{}", folder_, to_string(table), day_prefix, to_text(day));
}

Result<std::vector<LakeDay>> Lake::days(LakeTable table) const {
  const auto names = disk_->list(table_folder(table));
  if (!names) return std::unexpected(names.error());
  std::vector<LakeDay> days;
  for (const std::string& name : *names) {
    if (!name.starts_with(day_prefix)) continue;
    if (const auto day = parse_day(std::string_view(name).substr(day_prefix.size()))) days.push_back(*day);
  }
  std::ranges::sort(days);
  return days;
}

Result<std::vector<LakeFile>> Lake::files(LakeTable table, LakeDay day) const {
  const std::string folder = folder_of(table, day);
  const auto names = disk_->list(folder);
  if (!names) return std::unexpected(names.error());
  std::vector<LakeFile> files;
  for (const std::string& name : *names) {
    if (!is_parquet(name)) continue;
    auto file = parse_lake_file(table, name);
    if (!file)
      return std::unexpected(Error::permanent(fmt::format(
          "{}/{} is no file that the lake made, but every reader takes it for one: move it away", folder, name)));
    files.push_back(std::move(*file));
  }
  return files;
}

Result<void> Lake::can_remake_days() const {
  return require(*disk_, {DiskAbility::Rename, DiskAbility::Exchange, DiskAbility::Link, DiskAbility::Lock}, folder_);
}

Result<std::unique_ptr<DiskLock>> Lake::lock_restating(Disk::Wait wait) const {
  if (auto can = can_remake_days(); !can) return std::unexpected(can.error());
  return disk_->lock(restating_path(), wait);
}

Result<std::unique_ptr<DiskLock>> Lake::lock_publishing() const {
  if (!disk_->abilities().can(DiskAbility::Exchange)) return std::unique_ptr<DiskLock>();
  return disk_->lock(folder_ + "/.publishing", Disk::Wait::Yes);
}

Result<void> Lake::open() const {
  for (const LakeTable table : {LakeTable::Trends, LakeTable::Bars})
    if (auto made = disk_->make_folder(table_folder(table)); !made) return made;
  if (!can_remake_days()) return {};
  const auto lock = lock_restating(Disk::Wait::No);
  if (!lock) return {};  // another process makes days right now, and cleans up behind itself
  const std::string anew = folder_ + "/.anew";
  const auto left = disk_->list(anew);
  if (!left) return std::unexpected(left.error());
  for (const std::string& name : *left)
    if (auto removed = remove_anew(fmt::format("{}/{}", anew, name)); !removed) return removed;
  return {};
}

// What lies there may be the old day of an exchange that is not durable: while a power cut could still bring that day
// back, its files must stay.
Result<void> Lake::remove_anew(const std::string& folder) const {
  const auto names = disk_->list(folder_ + "/.anew");
  if (!names) return std::unexpected(names.error());
  if (std::ranges::find(*names, folder.substr(folder.rfind('/') + 1)) == names->end()) return {};
  for (const LakeTable table : {LakeTable::Trends, LakeTable::Bars})
    if (auto synced = disk_->sync_folder(table_folder(table)); !synced) return synced;
  if (auto synced = disk_->sync_folder(folder_ + "/.anew"); !synced) return synced;
  return disk_->remove_folder(folder);
}

Result<std::string> Lake::begin_day(LakeTable table, LakeDay day) const {
  if (auto can = can_remake_days(); !can) return std::unexpected(can.error());
  std::string folder = anew_folder(table, day);
  for (const LakeTable each : {LakeTable::Trends, LakeTable::Bars})
    if (auto made = disk_->make_folder(table_folder(each)); !made) return std::unexpected(made.error());
  if (auto removed = remove_anew(folder); !removed) return std::unexpected(removed.error());
  if (auto made = disk_->make_folder(folder); !made) return std::unexpected(made.error());
  return folder;
}

// What lies beside the files of the lake is not ours to lose.
Result<void> Lake::keep_other_files(LakeTable table, LakeDay day) const {
  const auto names = disk_->list(folder_of(table, day));
  if (!names) return std::unexpected(names.error());
  for (const std::string& name : *names) {
    if (is_parquet(name)) continue;
    if (auto kept = disk_->link(path_of(table, day, name), fmt::format("{}/{}", anew_folder(table, day), name)); !kept)
      return kept;
  }
  return {};
}

Result<void> Lake::exchange_day(LakeTable table, LakeDay day, std::span<const LakeFile> read) const {
  const std::string shown = folder_of(table, day), anew = anew_folder(table, day);
  const auto publishing = lock_publishing();
  if (!publishing) return std::unexpected(publishing.error());
  const auto now = files(table, day);
  if (!now) return std::unexpected(now.error());
  if (!std::ranges::equal(*now, read))
    return std::unexpected(Error::retryable(fmt::format("{} has changed while it was read", shown)));
  if (auto kept = keep_other_files(table, day); !kept) return kept;
  if (auto synced = disk_->sync_folder(anew); !synced) return synced;
  const auto names = disk_->list(table_folder(table));
  if (!names) return std::unexpected(names.error());
  const std::string name = shown.substr(shown.rfind('/') + 1);
  const bool is_new = std::ranges::find(*names, name) == names->end();
  auto placed = is_new ? disk_->rename(anew, shown) : disk_->exchange(anew, shown);
  if (!placed) return placed;
  if (auto synced = disk_->sync_folder(table_folder(table)); !synced) return synced;
  return remove_anew(anew);
}

void Lake::give_up_day(LakeTable table, LakeDay day) const { (void)remove_anew(anew_folder(table, day)); }

}  // namespace tidemark
